// Keeps the wall of the room up to date. Without it the page loads itself anew.
(function () {
  "use strict";

  var now = document.getElementById("now");
  var lost = document.querySelector(".screen-lost");
  var words = lost.getAttribute("data-words");
  var seen = new Date();
  var wait = 3000;
  var shown = null;
  var LONGEST = 15000;

  function clock(moment) {
    return String(moment.getHours()).padStart(2, "0") + ":" + String(moment.getMinutes()).padStart(2, "0");
  }

  function show(html) {
    seen = new Date();
    wait = 3000;
    lost.hidden = true;
    // Made by the server from the same template as the page; nothing typed is markup in it.
    // The countdown writes into it, so what came is compared, not what stands there.
    if (shown !== html) now.innerHTML = html;
    shown = html;
  }

  function ask() {
    var ended = new AbortController();
    var patience = window.setTimeout(function () { ended.abort(); }, 8000);
    window.fetch(now.getAttribute("data-source"), { cache: "no-cache", credentials: "same-origin", signal: ended.signal })
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        document.dispatchEvent(new CustomEvent("server-time", { detail: Number(answer.headers.get("X-Now")) }));
        return answer.text();
      })
      .then(show)
      .catch(function () {
        lost.textContent = words.replace("{time}", clock(seen));
        lost.hidden = false;
        wait = Math.min(wait * 2, LONGEST);
      })
      .then(function () {
        window.clearTimeout(patience);
        window.setTimeout(ask, wait);
      });
  }

  window.setTimeout(ask, wait);
  window.addEventListener("online", function () { wait = 3000; });
})();
