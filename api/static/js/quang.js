// What every page does in the browser: relative times, copying, menus, the search key, lost contact, spoken changes.
(function () {
  "use strict";
  var language = document.documentElement.lang || "vi";

  // "3 minutes ago" grows by itself, so that the server need not send the page again for it.
  var steps = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  function ago(seconds) {
    for (var i = 0; i < steps.length; i++) {
      if (seconds >= steps[i][1] || i === steps.length - 1) {
        var count = Math.max(1, Math.round(seconds / steps[i][1]));
        return new Intl.RelativeTimeFormat(language, { numeric: "always" }).format(-count, steps[i][0]);
      }
    }
    return "";
  }
  function tick() {
    if (!window.Intl || !Intl.RelativeTimeFormat) return;
    document.querySelectorAll("time[data-ago]").forEach(function (time) {
      var text = ago((Date.now() - Date.parse(time.dateTime)) / 1000);
      if (time.textContent !== text) time.textContent = text;
    });
  }
  window.setInterval(tick, 5000);

  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    // Plain http in the office network: the older way.
    var area = document.createElement("textarea");
    area.value = text;
    area.className = "visually-hidden";
    document.body.appendChild(area);
    area.select();
    var done = document.execCommand("copy");
    area.remove();
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  }

  // Of a form whose fields depend on a choice only those are shown that matter. Without scripts all are.
  function fit(form) {
    form.querySelectorAll("[data-when]").forEach(function (place) {
      var choice = form.elements[place.dataset.when];
      place.hidden = Boolean(choice) && place.dataset.is.split(" ").indexOf(choice.value) < 0;
    });
  }
  document.addEventListener("change", function (event) {
    if (event.target.form) fit(event.target.form);
  });
  document.querySelectorAll("form").forEach(fit);

  function speak(text) {
    var place = document.getElementById("spoken");
    if (place && text && place.textContent !== text) place.textContent = text;
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (button) {
      copy(document.getElementById(button.dataset.copy).textContent.trim()).then(function () {
        var label = button.querySelector("span");
        var before = label.textContent;
        label.textContent = button.dataset.done;
        speak(button.dataset.done);
        window.setTimeout(function () { label.textContent = before; }, 2500);
      }, function () {
        window.getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
      });
    }
    if (event.target.closest("[data-print]")) window.print();
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach(function (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    } else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      var box = document.querySelector("[data-shortcut='/']");
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
    }
  });

  // On paper everything is open.
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = [].slice.call(document.querySelectorAll("main details:not([open])"));
    closed.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (one) { one.open = false; });
  });

  // A form is sent once, however often its button is pressed on a slow line.
  document.addEventListener("submit", function (event) {
    if (event.target.method !== "post") return;
    if (event.target.dataset.sent) return event.preventDefault();
    event.target.dataset.sent = "1";
    event.target.querySelectorAll("button").forEach(function (button) { button.classList.add("btn-loading"); });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach(function (button) { button.classList.remove("btn-loading"); });
    });
  });

  // Parts that refresh themselves: not in a hidden window, and never silently when the server is gone.
  var lost = document.querySelector("[data-lost]");
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (document.hidden && event.detail.elt.hasAttribute("data-refreshing")) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var status = event.detail.xhr.status;
    if (status === 401) return window.location.assign("/login?ended=1&next=" + encodeURIComponent(window.location.pathname));
    if (lost && event.detail.elt.hasAttribute("data-refreshing")) lost.hidden = status > 0 && status < 500;
  });
  // What the reader had opened stays open, and the focus stays where it was, when a part is replaced by its fresh form.
  var opened = [];
  document.addEventListener("htmx:beforeSwap", function (event) {
    opened = [].map.call(event.detail.target.querySelectorAll("details[id][open]"), function (one) { return one.id; });
  });
  document.addEventListener("htmx:afterSwap", function () {
    opened.forEach(function (id) {
      var one = document.getElementById(id);
      if (one) one.open = true;
    });
    tick();
    headline();
  });
  function headline() {
    var place = document.querySelector("[data-headline]");
    if (!place) return;
    if (place.dataset.title) document.title = place.dataset.title;
    if (headline.last !== undefined && headline.last !== place.dataset.headline) speak(place.dataset.headline);
    headline.last = place.dataset.headline;
  }
  headline();

  var first = document.querySelector("[data-focus]");
  if (first) first.focus();

  // Filters send themselves when a choice is made; without this script their button does it.
  document.querySelectorAll("select[data-sends]").forEach(function (select) {
    select.addEventListener("change", function () { select.form.submit(); });
  });
})();
