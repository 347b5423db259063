// An entry of the log, made readable. It may be hostile, so every piece of it becomes text (textContent) and nothing else.
var view = (function (tlog) {
  "use strict";

  function add(parent, tag, text, className) {
    var made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    parent.appendChild(made);
    return made;
  }

  function fact(list, name, value, className) {
    add(list, "dt", name);
    add(list, "dd", value, className);
  }

  function textOrHex(body) {
    try {
      return tlog.textOf(body);
    } catch (refusal) {
      return tlog.hex(body);
    }
  }

  function drawEntry(box, body, say, spoken) {
    var raw = textOrHex(body), readable = document.createElement("div");
    add(box, "h3", say("entry"));
    try {
      drawValues(readable, JSON.parse(raw), say, spoken);
      box.appendChild(readable);
    } catch (error) {
      add(box, "p", say("no-json"));
    }
    var exact = add(box, "details");
    add(exact, "summary", say("exact"));
    add(exact, "pre", raw);
  }

  // In the order of the form of an entry (docs/log.md); a value that is none of it stands among the exact bytes.
  function drawValues(box, entry, say, spoken) {
    var action = String(entry.action), office = String(entry.office);
    var named = has(spoken.offices, office) ? spoken.offices[office] : office;
    if (has(spoken.actions, action)) {
      add(box, "p", spoken.actions[action].replace("%(office)s", function () { return named; })
        .replace("%(label)s", function () { return String(entry.label || ""); })
        .replace(/%\(\w+\)s/g, "\u2026"), "song");
    }
    var facts = add(box, "dl");
    fact(facts, say("time"), localTime(String(entry.at)));
    fact(facts, say("office"), named);
    fact(facts, say("action"), action + (entry.label ? " " + String(entry.label) : ""), "hash");
    add(box, "p", say("rows"));
    var list = add(box, "ul");
    for (var n = 0; n < entry.rows.length; n++) {
      var row = entry.rows[n], item = add(list, "li"), what = row["new"] ? "row-new" : row.gone ? "row-gone" : "row-set";
      add(item, "p", say(what, { row: row.table + " " + plain(row.id) }));
      for (var name in row.set) if (has(row.set, name)) add(item, "p", name + ": " + plain(row.set[name]), "hash");
      if (row.commitment) add(item, "p", say("seal") + ": " + plain(row.commitment), "hash");
    }
  }

  function has(held, name) {
    return Object.prototype.hasOwnProperty.call(held, name);
  }

  function plain(value) {
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  // RFC 3339 in UTC, as this device's clock has it.
  function localTime(text) {
    var parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/.exec(text);
    if (!parts) return text;
    var at = new Date(Date.UTC(+parts[1], parts[2] - 1, +parts[3], +parts[4], +parts[5], +parts[6]));
    function two(value) {
      return (value < 10 ? "0" : "") + value;
    }
    return at.getFullYear() + "-" + two(at.getMonth() + 1) + "-" + two(at.getDate()) + " " + two(at.getHours()) + ":" + two(at.getMinutes());
  }

  return { add: add, fact: fact, entry: drawEntry, textOrHex: textOrHex };
})(tlog);
