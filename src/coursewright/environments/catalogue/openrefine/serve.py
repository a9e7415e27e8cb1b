"""Becomes OpenRefine, which asks for a login: whoever reaches its port could run programs as its user otherwise.

    OPENREFINE_PASSWORD=… python3 serve.py OPENREFINE PORT STATE [OPTION …]

OpenRefine has no logins. Jetty, its web server, has: it is given OpenRefine's web application as a folder of links, in
which a description of its own says that everything is for the user `openrefine`, and where the password is. What Jetty
cannot read ends the start, and lets nobody in.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

USER, _REALM = "openrefine", "OpenRefine"
_INSTALLED = "/usr/share/openrefine/webapp"
_FOR_THE_USER = f"""
    <security-constraint>
        <web-resource-collection><web-resource-name>all</web-resource-name><url-pattern>/*</url-pattern></web-resource-collection>
        <auth-constraint><role-name>{USER}</role-name></auth-constraint>
    </security-constraint>
    <login-config><auth-method>BASIC</auth-method><realm-name>{_REALM}</realm-name></login-config>
    <security-role><role-name>{USER}</role-name></security-role>
"""
_LOGINS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN" "http://www.eclipse.org/jetty/configure_9_3.dtd">
<Configure class="org.eclipse.jetty.webapp.WebAppContext">
  <Get name="securityHandler">
    <Set name="loginService">
      <New class="org.eclipse.jetty.security.HashLoginService">
        <Set name="name">{realm}</Set>
        <Set name="config">{file}</Set>
      </New>
    </Set>
  </Get>
</Configure>
"""


def main(openrefine: str, port: str, state: str, options: Sequence[str]) -> None:
    """Write the web application anew, and become OpenRefine."""
    password = os.environ.pop("OPENREFINE_PASSWORD", "")
    if not re.fullmatch("[A-Za-z0-9_-]+", password):
        sys.exit("error: OPENREFINE_PASSWORD is empty, or has signs that an address cannot have")
    installed = [Path(openrefine).resolve().parent / "webapp", Path(_INSTALLED)]
    webapp = next((one for one in installed if (one / "WEB-INF/web.xml").is_file()), None)
    if webapp is None:
        sys.exit(f"error: OpenRefine's web application is not in {' or '.join(map(str, installed))}")
    _with_login(webapp, Path(state) / "webapp", password)
    where = ["-i", "127.0.0.1", "-p", port, "-d", f"{state}/projects", "-w", f"{state}/webapp"]
    usual = ["-m", "1024M", "-x", "refine.headless=true"]
    os.execv(openrefine, [openrefine, *where, *usual, *options])  # noqa: S606 - a program with its arguments, no shell


def _with_login(webapp: Path, made: Path, password: str) -> None:
    """Make the folder `made`, a web application of links to `webapp`, with a login."""
    shutil.rmtree(made, ignore_errors=True)
    inside = made / "WEB-INF"
    inside.mkdir(mode=0o700, parents=True)
    for folder, to in ((webapp, made), (webapp / "WEB-INF", inside)):
        for one in folder.iterdir():
            if one.name not in ("WEB-INF", "web.xml", "jetty-web.xml"):
                (to / one.name).symlink_to(one)
    description = (webapp / "WEB-INF/web.xml").read_text(encoding="utf-8")
    before, end, after = description.rpartition("</web-app>")
    (inside / "web.xml").write_text(f"{before}{_FOR_THE_USER}{end}{after}", encoding="utf-8")
    logins = inside / "logins.properties"
    logins.touch(mode=0o600)
    logins.write_text(f"{USER}: {password},{USER}\n", encoding="ascii")
    text = _LOGINS.format(realm=_REALM, file=escape(str(logins)))
    (inside / "jetty-web.xml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
