// Checks the proof that one entry stands in a signed log. It knows no page and no network, runs in browsers of 2014
// (ECMAScript 5, typed arrays), and answers whatever it is given with what it proves or with a Refusal.
// Standards: C2SP tlog-proof, tlog-checkpoint and signed-note; RFC 9162, section 2.1; Ed25519 (RFC 8032).
var tlog = (function (sha256, nacl) {
  "use strict";

  var HEADER = "c2sp.org/tlog-proof@v1";
  var LARGEST = 9007199254740991; // the largest whole number that is kept exactly
  var MOST_HASHES = 63;
  var MOST_SIGNATURES = 100;
  var LONGEST_NOTE = 65536;
  // The order of the group, lowest byte first: a signature's second half must be smaller (RFC 8032, 5.1.7).
  var ORDER = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10
  ];

  // `code` names the sentence that the page has for it, `what` the part concerned.
  function Refusal(code, what) {
    this.code = code;
    this.what = what || "";
  }

  function refuse(code, what) {
    throw new Refusal(code, what);
  }

  // Bytes

  function bytesOf(binary) {
    var bytes = new Uint8Array(binary.length);
    for (var at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
    return bytes;
  }

  function binaryOf(bytes) {
    var parts = [];
    for (var at = 0; at < bytes.length; at++) parts.push(String.fromCharCode(bytes[at]));
    return parts.join("");
  }

  function utf8(text) {
    try {
      return bytesOf(unescape(encodeURIComponent(text)));
    } catch (error) {
      return refuse("not-utf8");
    }
  }

  function textOf(bytes) {
    try {
      return decodeURIComponent(escape(binaryOf(bytes)));
    } catch (error) {
      return refuse("not-utf8");
    }
  }

  // Standard base64 with padding, and only the one way of writing it.
  function base64(text, what) {
    var binary = null;
    try {
      binary = atob(text);
    } catch (error) {
      refuse("not-base64", what);
    }
    if (btoa(binary) !== text) refuse("not-base64", what);
    return bytesOf(binary);
  }

  function hex(bytes) {
    var digits = "";
    for (var at = 0; at < bytes.length; at++) digits += (bytes[at] < 16 ? "0" : "") + bytes[at].toString(16);
    return digits;
  }

  function isEqual(one, other) {
    var same = one.length === other.length;
    for (var at = 0; same && at < one.length; at++) same = one[at] === other[at];
    return same;
  }

  function join(parts) {
    var length = 0, at = 0, n;
    for (n = 0; n < parts.length; n++) length += parts[n].length;
    var joined = new Uint8Array(length);
    for (n = 0; n < parts.length; n++) {
      joined.set(parts[n], at);
      at += parts[n].length;
    }
    return joined;
  }

  // The tree

  function leafHash(body) {
    return sha256(join([[0], body]));
  }

  function nodeHash(left, right) {
    return sha256(join([[1], left, right]));
  }

  function isWhole(value) {
    return typeof value === "number" && value >= 0 && value <= LARGEST && Math.floor(value) === value;
  }

  // RFC 9162, 2.1.3.2. Halving by division: the operators on bits keep 32 of them only.
  function verifyInclusion(leaf, index, size, steps, root) {
    if (!isWhole(index) || !isWhole(size) || index >= size) refuse("no-such-entry");
    if (leaf.length !== 32 || root.length !== 32) refuse("not-32-bytes", "hash");
    var at = index, last = size - 1, node = leaf;
    for (var n = 0; n < steps.length; n++) {
      if (steps[n].length !== 32) refuse("not-32-bytes", "hash");
      if (last === 0) refuse("way-too-long");
      if (at % 2 === 1 || at === last) {
        node = nodeHash(steps[n], node);
        while (at % 2 === 0 && at > 0) {
          at = Math.floor(at / 2);
          last = Math.floor(last / 2);
        }
      } else {
        node = nodeHash(node, steps[n]);
      }
      at = Math.floor(at / 2);
      last = Math.floor(last / 2);
    }
    if (last !== 0) refuse("way-too-short");
    if (!isEqual(node, root)) refuse("another-root");
  }

  // Keys, notes, checkpoints, proofs

  function number(text, what) {
    if (!/^(0|[1-9][0-9]{0,18})$/.test(text)) refuse("no-number", what);
    if (!isWhole(Number(text))) refuse("number-too-large", what);
    return Number(text);
  }

  function isName(text) {
    return /^[^\s+\x00-\x1f\x7f]{1,200}$/.test(text);
  }

  function readKey(line) {
    var first = line.indexOf("+"), second = line.indexOf("+", first + 1);
    if (first < 1 || second < 0 || line.length > 400 || !isName(line.slice(0, first))) refuse("no-key");
    var raw = base64(line.slice(second + 1), "key");
    if (raw.length !== 33 || raw[0] !== 1) refuse("no-key");
    var name = line.slice(0, first), identity = sha256(join([utf8(name + "\n"), raw])).subarray(0, 4);
    if (hex(identity) !== line.slice(first + 1, second)) refuse("key-identity");
    return { name: name, identity: identity, point: raw.subarray(1) };
  }

  // One verifier key a line: two while one takes over from the other.
  function readKeys(text) {
    var lines = text.split(/\s+/), keys = [];
    for (var n = 0; n < lines.length; n++) if (lines[n]) keys.push(readKey(lines[n]));
    return keys;
  }

  function readSignature(line) {
    var space = line.indexOf(" ", 2), name = line.slice(2, space);
    if (line.slice(0, 2) !== "\u2014 " || space < 0 || !isName(name)) refuse("no-signature-line");
    var blob = base64(line.slice(space + 1), "signature");
    if (blob.length < 5) refuse("no-signature-line");
    return { name: name, identity: blob.subarray(0, 4), bytes: blob.subarray(4) };
  }

  // A signed checkpoint, unverified; `text` is what is signed, with its last newline.
  function readCheckpoint(whole) {
    if (whole.length > LONGEST_NOTE) refuse("too-long");
    if (/[\x00-\x09\x0b-\x1f\x7f]/.test(whole)) refuse("control-characters");
    var gap = whole.lastIndexOf("\n\n");
    if (gap < 1 || whole.charAt(whole.length - 1) !== "\n") refuse("no-checkpoint");
    var below = whole.slice(gap + 2, -1).split("\n"), lines = whole.slice(0, gap).split("\n"), signatures = [], n;
    if (lines.length < 3 || below.length > MOST_SIGNATURES) refuse("no-checkpoint");
    for (n = 0; n < lines.length; n++) if (!lines[n]) refuse("no-checkpoint");
    for (n = 0; n < below.length; n++) signatures.push(readSignature(below[n]));
    var root = base64(lines[2], "root");
    if (root.length !== 32) refuse("not-32-bytes", "root");
    var text = whole.slice(0, gap + 1);
    return { text: text, origin: lines[0], size: number(lines[1], "size"), root: root, signatures: signatures };
  }

  // A proof, unverified.
  function readProof(whole) {
    var gap = whole.indexOf("\n\n"), lines = whole.slice(0, gap < 0 ? 0 : gap).split("\n"), steps = [];
    if (gap < 0 || lines.length < 3 || lines[0] !== HEADER) refuse("no-proof");
    if (lines[1].slice(0, 6) !== "extra " || lines[2].slice(0, 6) !== "index ") refuse("no-proof");
    if (lines.length - 3 > MOST_HASHES) refuse("way-too-long");
    for (var n = 3; n < lines.length; n++) {
      steps.push(base64(lines[n], "hash"));
      if (steps[n - 3].length !== 32) refuse("not-32-bytes", "hash");
    }
    var body = base64(lines[1].slice(6), "entry");
    return { body: body, index: number(lines[2].slice(6), "index"), steps: steps, point: readCheckpoint(whole.slice(gap + 2)) };
  }

  function isBelowOrder(scalar) {
    for (var at = 31; at >= 0; at--) if (scalar[at] !== ORDER[at]) return scalar[at] < ORDER[at];
    return false;
  }

  function holds(text, signature, key) {
    var is64 = signature.length === 64 && isBelowOrder(signature.subarray(32));
    return is64 && nacl.sign.detached.verify(utf8(text), signature, key.point);
  }

  // At least one of the keys must have signed under the log's own name, and none of them wrongly.
  function verifySignatures(point, keys) {
    var found = 0;
    for (var k = 0; k < keys.length; k++) {
      for (var n = 0; n < point.signatures.length; n++) {
        var one = point.signatures[n], key = keys[k];
        if (key.name !== point.origin || one.name !== key.name || !isEqual(one.identity, key.identity)) continue;
        if (!holds(point.text, one.bytes, key)) refuse("bad-signature");
        found++;
      }
    }
    if (!found) refuse("another-signer");
  }

  function refusalOf(attempt) {
    try {
      attempt();
      return null;
    } catch (refusal) {
      return refusal;
    }
  }

  // What a proof shows. Without keys only the way to the root is computed: `isSigned` says which of the two.
  function check(proofText, keyText) {
    var keys = readKeys(keyText), proof = readProof(proofText), point = proof.point;
    var way = refusalOf(function () {
      verifyInclusion(leafHash(proof.body), proof.index, point.size, proof.steps, point.root);
    });
    var signed = keys.length ? refusalOf(function () { verifySignatures(point, keys); }) : null;
    // Where both fail, what they have in common was changed: the checkpoint.
    if (way && signed && signed.code === "bad-signature") refuse("changed-checkpoint");
    if (way || signed) throw way || signed;
    return { body: proof.body, index: proof.index, point: point, isSigned: keys.length > 0 };
  }

  // Two checkpoints of one log and one size must have one root: "same", "forked", or why nothing can be said.
  function compare(one, other) {
    if (one.origin !== other.origin) return "other-log";
    if (one.size !== other.size) return "other-size";
    return isEqual(one.root, other.root) ? "same" : "forked";
  }

  // The paragraphs of a pasted text, as a resolution is sealed: the canonical JSON of their list.
  function paragraphs(text) {
    var lines = text.split(/\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]/), kept = [];
    for (var n = 0; n < lines.length; n++) if (lines[n].trim()) kept.push(lines[n].trim());
    return JSON.stringify(kept);
  }

  return {
    Refusal: Refusal, utf8: utf8, textOf: textOf, base64: base64, hex: hex, sha256: sha256, leafHash: leafHash,
    verifyInclusion: verifyInclusion, verifySignatures: verifySignatures, readKeys: readKeys, readCheckpoint: readCheckpoint,
    check: check, compare: compare, paragraphs: paragraphs
  };
})(sha256, nacl);
