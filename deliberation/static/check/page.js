// The page around tlog: takes files and texts, says what they show. SAY holds the sentences of each language, LANGUAGE the
// one that the file was made in.
(function () {
  "use strict";

  var LARGEST = 1024 * 1024;
  var WRONG = ["another-root", "bad-signature", "changed-checkpoint", "another-signer", "way-too-long", "way-too-short"];
  var language = /^en/i.test(navigator.language || "") && SAY.en ? "en" : LANGUAGE;
  var proven = null; // what the last check of a proof has shown
  var add = view.add, fact = view.fact;
  var again = {}; // by the id of a result: what to show there again in another language

  function byId(id) {
    return document.getElementById(id);
  }

  function all(selector) {
    return Array.prototype.slice.call(document.querySelectorAll(selector));
  }

  function say(key, places) {
    return SAY[language].words[key].replace(/%\((\w+)\)s/g, function (whole, name) {
      return places && places[name] !== undefined ? String(places[name]) : "\u2026";
    });
  }

  // A file or a pasted text, whichever came last: `read` hands its bytes to `use`, or a refusal.

  var files = {};

  function hold(name, file) {
    files[name] = file;
    if (file) byId(name + "-text").value = "";
  }

  function read(name, use) {
    var file = files[name], text = byId(name + "-text").value;
    if (!file) {
      if (!text) return use(new tlog.Refusal("empty"));
      if (text.length > LARGEST) return use(new tlog.Refusal("too-big"));
      return use(null, null, text);
    }
    if (file.size > LARGEST) return use(new tlog.Refusal("too-big"));
    var reader = new FileReader();
    reader.onload = function () {
      use(null, new Uint8Array(reader.result), null);
    };
    reader.onerror = function () {
      use(new tlog.Refusal("unreadable"));
    };
    reader.readAsArrayBuffer(file);
  }

  // Like `read`, for what must be text. What was pasted may have lost its last line's end on the way.
  function readText(name, use) {
    read(name, function (refusal, bytes, text) {
      if (refusal) return use(refusal);
      attempt(function () {
        use(null, bytes ? tlog.textOf(bytes) : text.trim() + "\n");
      }, use);
    });
  }

  // Only a Refusal ever leaves here: what nobody foresaw is one too.
  function attempt(act, refused) {
    try {
      act();
    } catch (error) {
      refused(error instanceof tlog.Refusal ? error : new tlog.Refusal("unforeseen"));
    }
  }

  function show(id, draw) {
    again[id] = draw;
    var box = byId(id);
    box.textContent = "";
    draw(box);
  }

  // What was shown is no longer about what stands in the fields.
  function forget(id) {
    if (id === "proof-result") proven = null;
    delete again[id];
    byId(id).className = "";
    byId(id).textContent = "";
  }

  function head(box, kind, title, sentence) {
    box.className = "result " + kind;
    add(box, "h3", { good: "\u2713 ", half: "? ", bad: "\u2715 " }[kind] + say(title));
    add(box, "p", sentence);
  }

  function showRefusal(id, refusal) {
    show(id, function (box) {
      var sentence = say("refused-" + refusal.code, { what: refusal.what && say("part-" + refusal.what) });
      head(box, "bad", WRONG.indexOf(refusal.code) < 0 ? "cannot" : "wrong", sentence);
    });
  }

  // The proof

  function checkProof() {
    proven = null;
    readText("proof", function (refusal, text) {
      if (refusal) return showRefusal("proof-result", refusal);
      attempt(function () {
        var found = tlog.check(text, byId("key-text").value);
        proven = found;
        show("proof-result", function (box) {
          drawProof(box, found);
        });
      }, function (refused) {
        showRefusal("proof-result", refused);
      });
    });
  }

  function drawProof(box, found) {
    var point = found.point, root = tlog.hex(point.root), kind = found.isSigned ? "good" : "half";
    head(box, kind, kind, say(kind + "-sentence", { index: found.index, origin: point.origin, size: point.size }));
    add(box, "p", root.slice(0, 16).replace(/(....)(?=.)/g, "$1 "), "root");
    add(box, "p", say("board"));
    var facts = add(box, "dl");
    fact(facts, say("number"), found.index);
    fact(facts, say("log"), point.origin, "hash");
    fact(facts, say("size"), point.size);
    fact(facts, say("whole-root"), root, "hash");
    view.entry(box, found.body, say, SAY[language]);
  }

  // A text beside the entry

  function checkDocument() {
    read("document", function (refusal, bytes, text) {
      if (refusal) return showRefusal("document-result", refusal);
      attempt(function () {
        var whole = tlog.hex(tlog.sha256(bytes || tlog.utf8(text))), lines = "";
        var words = bytes ? textOrNothing(bytes) : text;
        if (words.trim()) lines = tlog.hex(tlog.sha256(tlog.utf8(tlog.paragraphs(words))));
        var held = proven && (placeOf(whole) || placeOf(lines));
        show("document-result", function (box) {
          drawDocument(box, whole, lines, held);
        });
      }, function (refused) {
        showRefusal("document-result", refused);
      });
    });
  }

  function textOrNothing(bytes) {
    try {
      return tlog.textOf(bytes);
    } catch (refusal) {
      return "";
    }
  }

  // Under which name the entry holds this hash; nothing where it does not.
  function placeOf(hash) {
    var found = hash && new RegExp('"([^"\\\\]{1,80})":"' + hash + '"').exec(view.textOrHex(proven.body));
    return found ? found[1] : "";
  }

  function drawDocument(box, whole, lines, held) {
    if (held) head(box, "good", "text-same", say("text-same-sentence", { name: held }));
    else if (held === "") head(box, "bad", "text-other", say("text-other-sentence"));
    else head(box, "half", "text-alone", say("text-alone-sentence"));
    var facts = add(box, "dl");
    fact(facts, say("hash-whole"), whole, "hash");
    if (lines) fact(facts, say("hash-lines"), lines, "hash");
  }

  // Two checkpoints

  function compareTwo() {
    readText("one", function (refusal, one) {
      if (refusal) return showRefusal("two-result", refusal);
      readText("other", function (refused, other) {
        if (refused) return showRefusal("two-result", refused);
        attempt(function () {
          var keys = tlog.readKeys(byId("key-text").value), points = [checkpointIn(one), checkpointIn(other)];
          for (var n = 0; keys.length && n < 2; n++) tlog.verifySignatures(points[n], keys);
          drawTwo(tlog.compare(points[0], points[1]), keys.length > 0);
        }, function (late) {
          showRefusal("two-result", late);
        });
      });
    });
  }

  // A checkpoint by itself, or the one that a proof ends with.
  function checkpointIn(text) {
    return tlog.readCheckpoint(text.slice(0, 9) === "c2sp.org/" ? text.slice(text.indexOf("\n\n") + 2) : text);
  }

  function drawTwo(found, isSigned) {
    show("two-result", function (box) {
      var kind = found === "forked" ? "bad" : found === "same" && isSigned ? "good" : "half";
      head(box, kind, "two-" + found, say("two-" + found + "-sentence"));
      if (!isSigned) add(box, "p", say("two-unsigned"));
    });
  }

  // Languages, files, buttons

  function speak(chosen) {
    language = chosen;
    document.documentElement.lang = SAY[language].lang;
    document.title = say("title");
    all("[data-say]").forEach(function (one) {
      one.textContent = say(one.getAttribute("data-say"));
    });
    all("[data-language]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-language") === language));
    });
    for (var id in again) show(id, again[id]);
  }

  all("[data-language]").forEach(function (button) {
    button.addEventListener("click", function () {
      speak(button.getAttribute("data-language"));
    });
  });

  ["proof", "document", "one", "other"].forEach(function (name) {
    var input = byId(name + "-file"), result = { proof: "proof-result", document: "document-result" }[name] || "two-result";
    input.addEventListener("change", function () {
      hold(name, input.files[0]);
      forget(result);
    });
    byId(name + "-text").addEventListener("input", function () {
      hold(name, null);
      input.value = "";
      forget(result);
    });
  });
  byId("key-text").addEventListener("input", function () {
    forget("proof-result");
    forget("two-result");
  });

  document.addEventListener("dragover", function (event) {
    event.preventDefault();
  });
  document.addEventListener("drop", function (event) {
    event.preventDefault();
    if (!event.dataTransfer || !event.dataTransfer.files.length) return;
    byId("proof-file").value = "";
    hold("proof", event.dataTransfer.files[0]);
    checkProof();
  });

  byId("proof-check").addEventListener("click", checkProof);
  byId("document-check").addEventListener("click", checkDocument);
  byId("two-check").addEventListener("click", compareTwo);
  byId("tasks").hidden = false;
  speak(language);
})();
