"""Claim: the first answer of a cell in a page takes at most 1.3 times as long as bare Pyodide's, and bare webR's."""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from coursewright.courses import build, open_course
from coursewright.sites.runtimes.parts import part
from coursewright.sites.serving import SiteServer

TIMES = 5
COURSE = '[course]\ntitle = "First answers"\n\n[runtimes]\nhere = true\n'
CELL = "# {language}\n\n```{{code-cell}} {language}\n6 * 7\n```\n"
BARE = """\
<!doctype html><title>Bare</title><button>Run</button><pre class="readers"></pre>
<script type="module">
const show = text => { document.querySelector('.readers').textContent = text }
document.querySelector('button').onclick = async () => {
  %s
}
</script>
"""
PYODIDE = """\
const { loadPyodide } = await import('/runtimes/%s/pyodide.mjs')
  const python = await loadPyodide({ indexURL: '/runtimes/%s/' })
  show(python.runPython('6 * 7'))"""
WEBR = """\
const { WebR, ChannelType } = await import('/runtimes/%s/dist/webr.js')
  const r = new WebR({ baseUrl: '/runtimes/%s/dist/', channelType: ChannelType.PostMessage })
  await r.init()
  show(await r.evalRNumber('6 * 7'))"""


def main() -> int:
    chromium = shutil.which("chromium")
    node = shutil.which("node")
    if not chromium or not node:
        print("needs Chromium and Node.js", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "pages").mkdir()
        (root / "course.toml").write_text(COURSE, encoding="utf-8")
        for language in ("python", "r"):
            (root / f"pages/{language}.md").write_text(CELL.format(language=language), encoding="utf-8")
        build(open_course(root))
        site = root / "build/site"
        for name, code in (("pyodide", PYODIDE), ("webr", WEBR)):
            where = part(name).folder.name
            (site / f"{name}.html").write_text(BARE % (code % (where, where)), encoding="utf-8")
        server = SiteServer(site)
        with server.running():
            for language, peer in (("python", "pyodide"), ("r", "webr")):
                pair = [{"address": f"{server.address}{page}.html", "ask": "Run"} for page in (language, peer)]
                script = str(Path(__file__).with_suffix(".js"))
                done = subprocess.run(
                    [node, script, chromium], input=json.dumps(pair * TIMES), capture_output=True, text=True, check=True
                )
                took = json.loads(done.stdout)
                ours, theirs = (statistics.median(took[start::2]) / 1000 for start in (0, 1))
                ratio = statistics.median(one / other for one, other in zip(took[::2], took[1::2], strict=True))
                name = {"python": "Python", "r": "R"}[language]
                called = {"python": "Pyodide", "r": "webR"}[language]
                bare = f"bare {called}, {theirs:.1f} s"
                print(f"| first answer of {name} in a page | {ours:.1f} s | {bare} | {ratio:.2f} | ≤ 1.3 |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
