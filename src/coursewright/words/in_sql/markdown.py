"""Values in Markdown, escaped in SQL as `markup.escape_anywhere` does."""

from __future__ import annotations

from coursewright.words.in_sql.value import quoted

_ESCAPED = "&<>\"'\\`*_[]|~$#{}!"
# What Markdown makes a link or a list of, where more than single signs have to be escaped.
_LINKS = r"https?:|mailto:|xmpp:|www[.]|@[A-Za-z0-9]|^[0-9]*[-+.)]([ ]|$)|^[0-9]*[-=][-= ]*$|^:([: ]|$)"
MACROS = (
    "cw_words_of(t) AS array_to_string("
    "list_filter(regexp_split_to_array(cw_plain(t), '\\s+'), lambda x: x <> ''), ' ')",
    "cw_markdown(t) AS list_transform([cw_words_of(t)], lambda w: "
    f"CASE WHEN NOT regexp_matches(w, {quoted(_LINKS)}) THEN "
    "array_to_string(list_transform(string_split(w, ''), lambda c: "
    f"CASE WHEN c <> '' AND contains({quoted(_ESCAPED)}, c) THEN '&#' || unicode(c) || ';' ELSE c END), '') END)[1]",
)
