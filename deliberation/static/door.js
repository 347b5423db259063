// Keeps the code of the room up to date, on its own page and on the wall. Without it the page loads itself anew.
(function () {
  "use strict";

  var door = document.getElementById("door");
  if (!door) return;
  var shown = null;

  function ask() {
    window.fetch(door.getAttribute("data-source"), { cache: "no-store", credentials: "same-origin" })
      .then(function (answer) {
        // Where the connection fails, the old one stands until it is back.
        return answer.ok ? answer.text() : null;
      })
      .then(function (html) {
        // Made by the server from the same template as the page.
        if (html !== null && html !== shown) door.innerHTML = html;
        if (html !== null) shown = html;
      })
      .catch(function () { /* The next time. */ })
      .then(function () { window.setTimeout(ask, 3000); });
  }
  window.setTimeout(ask, 3000);
})();
