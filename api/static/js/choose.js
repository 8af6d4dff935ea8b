// Lists from which several things are chosen: all at once, how many, and nothing is sent while none is.
(function () {
  "use strict";
  const form = document.querySelector("[data-choose]");
  const bar = form && form.querySelector("[data-chosen]");
  if (!bar) return;
  const boxes = [].slice.call(form.querySelectorAll("input[name=tag]"));
  const all = form.querySelector("[data-all]");
  function count() {
    const chosen = boxes.filter(function (box) { return box.checked; }).length;
    bar.querySelector("[data-count]").textContent = String(chosen);
    bar.classList.toggle("chosen-some", chosen > 0);
    bar.querySelectorAll("button").forEach(function (button) { button.disabled = chosen === 0; });
    if (all) {
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  }
  if (all) all.addEventListener("change", function () {
    boxes.forEach(function (box) { box.checked = all.checked; });
    count();
  });
  form.addEventListener("change", count);
  window.addEventListener("pageshow", count);
  count();
})();
