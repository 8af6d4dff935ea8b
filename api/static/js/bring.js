// A file that is too large is told so before it is sent; the server counts again.
(function () {
  "use strict";
  const form = document.querySelector("[data-bring]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const told = document.getElementById("file-large");
  function tooLarge() {
    const file = input.files && input.files[0];
    return Boolean(file) && file.size > Number(form.dataset.most);
  }
  function tell() {
    const large = tooLarge();
    told.hidden = !large;
    told.classList.toggle("d-block", large);
    input.classList.toggle("is-invalid", large);
  }
  input.addEventListener("change", tell);
  // Before the shared handler marks the form as sent.
  form.addEventListener("submit", function (event) {
    if (!tooLarge()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    tell();
    input.focus();
  });
})();
