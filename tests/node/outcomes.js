// Reads [{rules, text}] from standard input and writes, for each, what every sequence of choices comes to.
const tracery = require("tracery-grammar");
const MOST_CHOICES = 12;
const MOST_SEQUENCES = 300;

let script = [];
let made = [];

tracery.RuleSet.prototype.selectRule = function () {
  const options = this.defaultRules.length;
  if (options <= 1) return this.defaultRules[0];
  if (made.length >= MOST_CHOICES) throw new Error("long");
  const chosen = made.length < script.length ? script[made.length] : 0;
  made.push({ chosen, options });
  return this.defaultRules[chosen];
};

// The library throws when a symbol is forgotten that never was saved; Coursewright lets that pass.
tracery.Grammar.prototype.popRules = function (key) {
  if (this.symbols[key]) this.symbols[key].popRules();
};

function outcome(rules, text) {
  const grammar = tracery.createGrammar(rules);
  grammar.addModifiers(tracery.baseEngModifiers);
  try {
    return grammar.flatten(text);
  } catch (error) {
    return { error: error && error.message === "long" ? "long" : "fails" };
  }
}

function outcomes({ rules, text }) {
  const found = [];
  script = [];
  while (found.length < MOST_SEQUENCES) {
    made = [];
    found.push(outcome(rules, text));
    while (made.length && made[made.length - 1].chosen + 1 >= made[made.length - 1].options) made.pop();
    if (!made.length) break;
    script = made.map((one) => one.chosen);
    script[script.length - 1] += 1;
  }
  return found;
}

const grammars = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(grammars.map(outcomes)));
