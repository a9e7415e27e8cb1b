// A page of a preview: it is loaded again when it has changed, where it was scrolled, and shows what is wrong over it.
(function () {
  "use strict";

  window.coursewrightPreview = true; // of which nothing is kept for when there is no network

  var KEY = "coursewright-place";
  var now = document.currentScript.dataset.now;
  var asking = null; // the question that is open
  var turn = 0; // of asking: what a turn before this one brings is too late
  var shown = null; // what is shown over the page
  var waiting = 0; // the time until the page says that the course is being built
  var standing = ""; // the problems that are shown
  var reloading = false;
  var hidden = ""; // the problems that the reader has put away

  var PIECES = "h1, h2, h3, h4, h5, h6, p, li, tr, pre, dt, dd, figure, summary";

  // The pieces of the page, each with what tells it from others: its text, and the how manieth it is with that text.
  function pieces() {
    var count = new Map();
    return Array.from(document.querySelectorAll(PIECES), function (each) {
      var text = each.textContent;
      count.set(text, (count.get(text) || 0) + 1);
      return { element: each, key: count.get(text) + " " + text };
    });
  }

  // Where the page is scrolled: by the pieces that are seen, so that a change above them moves nothing.
  function place() {
    var found = { path: location.pathname, left: scrollX, top: scrollY, seen: [] };
    pieces().forEach(function (piece) {
      var box = piece.element.getBoundingClientRect();
      if (box.bottom > 0 && box.top < innerHeight && piece.element.closest("main")) {
        found.seen.push({ key: piece.key, top: box.top });
      }
    });
    return found;
  }

  function restore(was) {
    var now = new Map();
    pieces().forEach(function (piece) {
      now.set(piece.key, piece.element);
    });
    var mark = scrollY > 0 || was.top > 0 ? was.seen.find(function (each) { return now.has(each.key); }) : null;
    var top = mark ? now.get(mark.key).getBoundingClientRect().top + scrollY - mark.top : was.top;
    scrollTo({ left: was.left, top: top, behavior: "instant" });
  }

  function reload() {
    reloading = true;
    try {
      sessionStorage.setItem(KEY, JSON.stringify(place()));
      history.scrollRestoration = "manual";
    } catch (error) {
      // without storage the browser's own way has to do
    }
    location.reload();
  }

  function returned() {
    var was = null;
    try {
      was = JSON.parse(sessionStorage.getItem(KEY));
      sessionStorage.removeItem(KEY);
    } catch (error) {
      return;
    }
    if (!was || was.path !== location.pathname) return;
    restore(was);
    addEventListener("load", function () {
      restore(was);
    });
  }

  function element(name, text, inside) {
    var made = document.createElement(name);
    made.textContent = text;
    inside.appendChild(made);
    return made;
  }

  var STYLE =
    ":host { all: initial } section { position: fixed; inset: auto 0 0 0; z-index: 2147483647; max-height: 60vh;" +
    " overflow: auto; box-sizing: border-box; padding: 1rem 1.25rem; background: #fff; color: #1a1a1a;" +
    " border-top: 4px solid #b3261e; box-shadow: 0 0 2rem #0006; font: 16px/1.45 system-ui, sans-serif }" +
    " section.quiet { inset: auto 1rem 1rem auto; padding: .4rem .8rem; border: 1px solid #767676; border-radius: .4rem }" +
    " h2 { font-size: 1.1em; margin: 0 5rem .5rem 0 } p { margin: 0 } li { margin: 0 0 .75rem } ol { margin: 0;" +
    " padding-left: 1.5em } code { font: 14px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; color: #8c1d18 }" +
    " button { position: absolute; top: .8rem; right: 1rem; font: inherit; padding: .2rem .7rem; cursor: pointer }";

  function clear() {
    clearTimeout(waiting);
    if (shown) shown.remove();
    shown = null;
    standing = "";
  }

  function overlay(label, role) {
    clear();
    shown = document.createElement("div");
    var root = shown.attachShadow({ mode: "open" });
    element("style", STYLE, root);
    var section = element("section", "", root);
    section.setAttribute("role", role);
    section.setAttribute("aria-label", label);
    document.body.appendChild(shown);
    return section;
  }

  function showProblems(problems) {
    var section = overlay("Problems of the course", "alert");
    var many = problems.length === 1 ? "One problem" : problems.length + " problems";
    element("h2", many + ": the page is as it was built last", section);
    var list = element("ol", "", section);
    problems.forEach(function (problem) {
      var item = element("li", "", list);
      element("p", problem.message, item);
      if (problem.where) element("code", problem.where, element("p", "", item));
      if (problem.hint) element("p", problem.hint, item);
    });
    var button = element("button", "Hide", section);
    button.type = "button";
    button.addEventListener("click", function () {
      hidden = JSON.stringify(problems);
      clear();
    });
  }

  function quiet(text) {
    var section = overlay("Preview", "status");
    section.className = "quiet";
    element("p", text, section);
  }

  function show(news) {
    var problems = news.problems.length ? JSON.stringify(news.problems) : "";
    if (problems && problems === standing) return;
    clear();
    if (problems !== hidden) hidden = "";
    if (problems && !hidden) {
      showProblems(news.problems);
      standing = problems;
    }
    if (!problems && news.building) waiting = setTimeout(quiet, 400, "Building…");
  }

  function ask(wait) {
    var query = "since=" + encodeURIComponent(now) + "&page=" + encodeURIComponent(location.pathname);
    asking = new AbortController();
    return fetch("/.coursewright/news?" + query + (wait ? "&wait=1" : ""), { cache: "no-store", signal: asking.signal })
      .then(function (answer) {
        return answer.status === 200 ? answer.json() : null;
      });
  }

  // One question after another; none from a page that nobody looks at, since a browser has few lines to one server.
  function listen(wait, mine) {
    if (mine !== turn) return;
    ask(wait).then(
      function (news) {
        if (mine !== turn) return;
        if (news) {
          now = news.now;
          if (news.load) return reload();
          show(news);
        }
        listen(true, mine);
      },
      function () {
        if (mine !== turn) return;
        clear();
        quiet("The preview has ended.");
        setTimeout(listen, 1000, false, mine);
      }
    );
  }

  function watch() {
    turn += 1;
    if (asking) asking.abort();
    if (!document.hidden) listen(false, turn);
  }

  document.addEventListener("visibilitychange", watch);
  addEventListener("pagehide", function () {
    if (!reloading) history.scrollRestoration = "auto"; // as the browser does it, when the reader goes and comes back
  });
  returned();
  watch();
})();
