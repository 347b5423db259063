"""What the check page says, by the keys that its template and its script use."""

from __future__ import annotations

from deliberation.kernel.words import N_

FILE = N_("check-the-log")
"""The name under which the page is kept, without its ending."""
NO_SCRIPT = N_("This page computes with a script, and this browser runs none. Open it in another browser.")

WORDS = {
    "title": N_("Check an entry of the public log"),
    "lead": N_("This page is one file. It needs no network and sends nothing away: all is computed on your own device."),
    # The proof of one entry.
    "proof": N_("Does the entry stand in the log?"),
    "proof-hint": N_(
        "The proof is a file that the pages of the log hand out. Choose it, drop it onto this page, or paste its text."
    ),
    "proof-file": N_("Choose the proof file"),
    "proof-text": N_("Or paste the proof here"),
    "key": N_("Verifier key"),
    "key-hint": N_(
        "It is printed on the notice board and on paper. Take it from there and not from where the proof came from: whoever "
        "could forge the one could hand you the other. That is why this page has no key inside."
    ),
    "check": N_("Check it"),
    "good": N_("It holds"),
    "good-sentence": N_(
        "Entry no. %(index)s stands unchanged in the log %(origin)s, which then had %(size)s entries; the signature is that of "
        "the key you gave."
    ),
    "half": N_("Half checked"),
    "half-sentence": N_(
        "Entry no. %(index)s leads to the fingerprint below, that of %(size)s entries of the log %(origin)s. Who signed it was "
        "not checked, because you gave no key."
    ),
    "wrong": N_("It does not hold"),
    "cannot": N_("This cannot be checked"),
    "board": N_(
        "Compare it with the fingerprint of the log on the notice board: for the same number of entries it must be the same."
    ),
    "number": N_("Number of the entry"),
    "log": N_("Log"),
    "size": N_("Entries in the log"),
    "whole-root": N_("The whole fingerprint (root)"),
    "entry": N_("What stands in the entry"),
    "no-json": N_("These bytes are not in the form of an entry, so they are shown as they are."),
    "exact": N_("The exact bytes"),
    "time": N_("Time (on the clock of this device)"),
    "office": N_("Office"),
    "action": N_("Act"),
    "rows": N_("What was changed, with the public values. Names, votes and what residents wrote stand here as seals only."),
    "row-new": N_("%(row)s, new"),
    "row-set": N_("%(row)s, changed"),
    "row-gone": N_("%(row)s, taken out"),
    "seal": N_("Seal"),
    # A text beside the entry.
    "document": N_("Is this the text that the entry means?"),
    "document-hint": N_("Check the proof above first. Then give the text; its hash must stand in the entry."),
    "document-file": N_("Choose the file with the text"),
    "document-text": N_("Or paste the text here, one paragraph a line"),
    "document-check": N_("Compare it with the entry"),
    "text-same": N_("It is this text"),
    "text-same-sentence": N_("The hash of this text stands in the entry checked above, as %(name)s."),
    "text-other": N_("It is another text"),
    "text-other-sentence": N_(
        "The entry checked above does not hold the hash of this text. One character more or less makes another."
    ),
    "text-alone": N_("Only computed"),
    "text-alone-sentence": N_("No entry that holds has been checked above, so there is nothing to compare with yet."),
    "hash-whole": N_("Hash (SHA-256) of exactly this"),
    "hash-lines": N_("Hash (SHA-256) of its paragraphs, as resolutions have it"),
    # Two checkpoints.
    "two": N_("Do two checkpoints fit together?"),
    "two-hint": N_(
        "Two people who keep checkpoints of one log with the same number of entries must have the same root. Otherwise one of "
        "them was shown another log. A proof will do as well: its checkpoint is taken. The key above is used here too."
    ),
    "one-file": N_("Choose the first checkpoint"),
    "one-text": N_("Or paste the first checkpoint here"),
    "other-file": N_("Choose the second checkpoint"),
    "other-text": N_("Or paste the second checkpoint here"),
    "two-check": N_("Compare the two"),
    "two-same": N_("They fit together"),
    "two-same-sentence": N_("Both name the same log, the same number of entries and the same root."),
    "two-forked": N_("They contradict each other"),
    "two-forked-sentence": N_(
        "For the same number of entries they name different roots: there are two histories. Keep both and make them known."
    ),
    "two-other-size": N_("They cannot be compared here"),
    "two-other-size-sentence": N_(
        "They name different numbers of entries. Whether the later log goes on from the earlier one shows the exported log, with "
        "verify_log.py and --old."
    ),
    "two-other-log": N_("They cannot be compared"),
    "two-other-log-sentence": N_("They are of different logs."),
    "two-unsigned": N_("Who signed them was not checked, because you gave no key."),
    # Refusals, and the parts that they name.
    "refused-empty": N_("Nothing was given yet. Choose a file or paste a text."),
    "refused-too-big": N_("It is larger than 1 MB, so it is not what is checked here. Choose another file."),
    "refused-unreadable": N_("The file could not be read. Choose it again."),
    "refused-unforeseen": N_("It could not be read. Get it anew and try again."),
    "refused-not-utf8": N_("It is no text. Choose the file itself, not a picture of it."),
    "refused-not-base64": N_("Characters were changed or lost in this part: %(what)s. Get it anew."),
    "refused-not-32-bytes": N_("This part has not the right length: %(what)s. Get it anew."),
    "refused-no-number": N_("This part is no number: %(what)s. Get it anew."),
    "refused-number-too-large": N_("This number is larger than any log: %(what)s."),
    "refused-control-characters": N_("There are marks in it that do not belong: it was changed on its way. Get it anew."),
    "refused-too-long": N_("It is too long for a checkpoint."),
    "refused-no-proof": N_("This is no proof of an entry. A proof begins with c2sp.org/tlog-proof@v1."),
    "refused-no-checkpoint": N_("There is no signed checkpoint in it: the log, its size, its root, and a signature below."),
    "refused-no-signature-line": N_("One of the lines with signatures is not written as such. Get it anew."),
    "refused-no-key": N_("This is no verifier key. One is written NAME+IDENTITY+KEY, in one line."),
    "refused-key-identity": N_("The key and its identity do not belong together: a character is wrong. Compare it with the paper."),
    "refused-no-such-entry": N_("The proof names an entry that the log did not have yet."),
    "refused-way-too-long": N_("The proof has more steps than lead to the root."),
    "refused-way-too-short": N_("The proof has too few steps to lead to the root."),
    "refused-another-root": N_(
        "The entry does not lead to the root in the checkpoint: the entry, its number or a step of the proof was changed."
    ),
    "refused-changed-checkpoint": N_(
        "The checkpoint was changed: the entry does not lead to its root, and the signature does not hold."
    ),
    "refused-bad-signature": N_("The signature does not hold, although it bears the name of your key."),
    "refused-another-signer": N_("The key that you gave did not sign this log. See whether it is the key of the same log."),
    "part-entry": N_("the entry"),
    "part-index": N_("the number of the entry"),
    "part-size": N_("the number of entries"),
    "part-hash": N_("a step of the proof"),
    "part-root": N_("the root"),
    "part-key": N_("the verifier key"),
    "part-signature": N_("a signature"),
}
