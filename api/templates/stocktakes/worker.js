// Keeps the counting page in the phone, so that it opens without a connection. It answers for nothing else.
"use strict";
const SHELL = {{ shell | tojson }};
const CACHE = "quang-count-{{ version }}";
const PAGES = "quang-count-pages";
const PATIENCE_MS = 4000;

self.addEventListener("install", function (event) {
  event.waitUntil(caches.open(CACHE).then(function (cache) { return cache.addAll(SHELL); }).then(function () { return self.skipWaiting(); }));
});

self.addEventListener("activate", function (event) {
  event.waitUntil((async function () {
    for (const name of await caches.keys()) {
      if (name.startsWith("quang-count-") && name !== CACHE && name !== PAGES) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", function (event) {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && /^\/stocktakes\/\d+\/count$/.test(url.pathname)) {
    event.respondWith(page(event.request, url.pathname));
  } else if (SHELL.includes(url.pathname + url.search)) {
    event.respondWith(shell(event.request));
  }
});

async function page(request, path) {
  const pages = await caches.open(PAGES);
  const kept = await pages.match(path);
  const fresh = fetch(request).then(function (answer) {
    if (answer.ok && answer.type === "basic") pages.put(path, answer.clone());
    return answer;
  });
  if (!kept) return fresh;
  const waited = new Promise(function (resolve) { setTimeout(resolve, PATIENCE_MS, null); });
  const answer = await Promise.race([fresh.catch(function () { return null; }), waited]);
  return answer && answer.status < 500 ? answer : kept;
}

async function shell(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) || fetch(request);
}
