// Everything works without this file. It spares people a second posting of the
// same form, shows one question a screen in large print, and reads a page aloud.
(function () {
  "use strict";

  var large = document.documentElement.classList.contains("large");

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sent", "");
    // Later than the submit itself, so that the pressed button's value is sent.
    window.setTimeout(function () {
      form.querySelectorAll("button").forEach(function (button) {
        button.disabled = true;
      });
    }, 0);
  });

  // Coming back with the browser's arrow shows the page as it was left.
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      form.removeAttribute("data-sent");
      form.querySelectorAll("button").forEach(function (button) {
        button.disabled = false;
      });
    });
  });

  // Another print size or language loads the page anew: what was typed goes along, in this tab alone.
  function typed() {
    return document.querySelectorAll("main form :is(input, textarea, select)[name]:not([type=hidden], [type=password], [autocomplete=off])");
  }
  document.querySelectorAll("form.reading").forEach(function (form) {
    form.addEventListener("submit", function () {
      var fields = Array.prototype.map.call(typed(), function (one) { return [one.name, one.value, one.checked === true]; });
      window.sessionStorage.setItem("typed", JSON.stringify({ path: window.location.pathname, fields: fields }));
    });
  });
  var before = JSON.parse(window.sessionStorage.getItem("typed") || "null");
  window.sessionStorage.removeItem("typed");
  if (before && before.path === window.location.pathname) {
    typed().forEach(function (one) {
      var choice = one.type === "radio" || one.type === "checkbox";
      var was = before.fields.find(function (kept) { return kept[0] === one.name && (!choice || kept[1] === one.value); });
      if (was && choice) one.checked = was[2];
      else if (was && one.type !== "file") one.value = was[1];
    });
  }

  // One question a screen: the fields of a form one after the other, the button at the last.
  function oneByOne(form, words) {
    var fields = Array.prototype.filter.call(form.children, function (child) {
      return child.classList.contains("field");
    });
    var actions = form.querySelector(".actions");
    if (fields.length < 2 || fields.length > 9 || !actions || form.hasAttribute("data-whole")) return;
    var bar = words.content.firstElementChild.cloneNode(true);
    var count = bar.querySelector(".one-count");
    var back = bar.querySelector(".one-back");
    var on = bar.querySelector(".one-on");
    var at = 0;
    var pattern = count.textContent;
    form.insertBefore(bar, actions);

    function show(next, focus) {
      at = Math.max(0, Math.min(next, fields.length - 1));
      fields.forEach(function (field, n) { field.hidden = n !== at; });
      actions.hidden = at !== fields.length - 1;
      on.hidden = at === fields.length - 1;
      back.hidden = at === 0;
      count.textContent = pattern.replace("{n}", at + 1).replace("{all}", fields.length);
      if (!focus) return;
      var control = fields[at].querySelector("input:not([type=hidden]), select, textarea");
      if (control) control.focus();
    }

    function holding(element) {
      return fields.findIndex(function (field) { return field.contains(element); });
    }

    back.addEventListener("click", function () { show(at - 1, true); });
    function goOn() {
      var wrong = Array.prototype.find.call(fields[at].querySelectorAll("input, textarea, select"), function (one) {
        return !one.checkValidity();
      });
      if (wrong) wrong.reportValidity();
      else show(at + 1, true);
    }
    on.addEventListener("click", goOn);
    form.addEventListener("submit", function (event) {
      if (at === fields.length - 1) return;
      event.preventDefault();
      goOn();
    });
    document.querySelectorAll("#errors a[href^='#']").forEach(function (link) {
      link.addEventListener("click", function () {
        var target = document.getElementById(link.hash.slice(1));
        var n = target ? holding(target) : -1;
        if (n >= 0) show(n, true);
      });
    });
    var wrong = form.querySelector(".has-error, .field-error");
    show(wrong ? holding(wrong) : 0, false);
  }

  var words = document.getElementById("one-by-one");
  if (large && words) {
    document.querySelectorAll("main form[method=post]").forEach(function (form) { oneByOne(form, words); });
  }

  // How a number will look, while its beginning is being typed.
  var example = document.querySelector("[data-example-of]");
  if (example) {
    var shown = example.textContent;
    document.getElementById(example.getAttribute("data-example-of")).addEventListener("input", function (event) {
      var begins = event.target.value.trim();
      example.textContent = begins ? example.getAttribute("data-pattern").replace("…", begins) : shown;
    });
  }

  var errors = document.getElementById("errors");
  if (errors) errors.focus();

  // Signed in again: back to the form as it was, which is not handed in by this.
  var goOn = document.querySelector("form[data-go-on]");
  if (goOn) goOn.submit();

  document.querySelectorAll(".print-page").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // Reading aloud, where the browser can: the words of the page, line by line.
  var aloud = document.querySelector(".aloud");
  if (aloud && "speechSynthesis" in window) {
    var start = aloud.textContent;
    var stopped = function () {
      aloud.textContent = start;
      aloud.setAttribute("aria-pressed", "false");
    };
    aloud.hidden = false;
    stopped();
    aloud.addEventListener("click", function () {
      var speech = window.speechSynthesis;
      if (aloud.getAttribute("aria-pressed") === "true") {
        speech.cancel();
        stopped();
        return;
      }
      var lines = document.getElementById("main").innerText.split(/\n+/).filter(function (line) { return line.trim(); });
      if (!lines.length) return;
      speech.cancel();
      lines.forEach(function (line, n) {
        var said = new SpeechSynthesisUtterance(line);
        said.lang = document.documentElement.lang === "en" ? "en" : "zh-CN";
        said.rate = 0.9;
        if (n === lines.length - 1) said.onend = stopped;
        speech.speak(said);
      });
      aloud.textContent = aloud.getAttribute("data-stop");
      aloud.setAttribute("aria-pressed", "true");
    });
    window.addEventListener("pagehide", function () { window.speechSynthesis.cancel(); });
  }
})();
