// The countdown of a speech, and word that something changed in the room. Nothing on the page is replaced.
(function () {
  "use strict";

  var clock = document.querySelector("[data-now]");
  if (!clock) return;
  var ahead = Number(clock.getAttribute("data-now")) - Date.now();

  function tick() {
    document.querySelectorAll("[data-until]").forEach(function (one) {
      var left = Math.ceil((Number(one.getAttribute("data-until")) - Date.now() - ahead) / 1000);
      var time = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
      var words = left > 0 ? one.getAttribute("data-left").replace("{time}", time) : one.getAttribute("data-over");
      if (one.textContent !== words) one.textContent = words;
      one.classList.toggle("over", left <= 0);
      one.setAttribute("aria-live", left > 0 ? "off" : "assertive");
    });
  }

  document.addEventListener("server-time", function (event) {
    ahead = event.detail - Date.now();
    tick();
  });
  window.setInterval(tick, 500);
  tick();

  var source = clock.getAttribute("data-pulse");
  if (!source) return;

  function tell() {
    var link = document.createElement("a");
    link.href = window.location.pathname;
    link.textContent = clock.getAttribute("data-link");
    clock.textContent = clock.getAttribute("data-words") + " ";
    clock.appendChild(link);
  }

  function ask() {
    window.fetch(source, { cache: "no-store", credentials: "same-origin" })
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        document.dispatchEvent(new CustomEvent("server-time", { detail: Number(answer.headers.get("X-Now")) }));
        return answer.text();
      })
      .then(function (seen) { if (seen !== clock.getAttribute("data-seen") && !clock.textContent) tell(); })
      .catch(function () { /* Without a connection the page stays as it is. */ })
      .then(function () { window.setTimeout(ask, 5000); });
  }
  window.setTimeout(ask, 5000);
})();
