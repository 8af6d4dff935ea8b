// Runs before the first paint: without a choice of the reader's own, the colours follow the system's.
if (window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches) {
  document.documentElement.setAttribute("data-bs-theme", "dark");
}
