// The page on which a phone counts. It works without a connection: what is counted waits in the phone.
(async function () {
  "use strict";
  const given = JSON.parse(document.getElementById("count-data").dataset.json);
  const words = given.words;
  const store = window.quangStore;
  const scan = window.quangScan;
  const MOST_SHOWN = 60;
  const AGAIN_MS = 15000;
  const find = function (id) { return document.getElementById(id); };

  const state = { lines: [], queue: [], extras: [], tab: "left", net: "ok", last: null, known: false };

  const deliver = window.quangQueue(
    Object.assign({}, given, { delivered: delivered, listed: listed }), store, tell);

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; });
  }
  function plain(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/\s+/g, " ").trim();
  }
  function element(tag, cls, text) {
    const made = document.createElement(tag);
    if (cls) made.className = cls;
    if (text) made.textContent = text;
    return made;
  }
  function site() { return find("count-site").value; }
  function room() { return find("count-room").value.trim(); }
  function siteName(slug) {
    const found = given.sites.find(function (one) { return one.slug === slug; });
    return found ? found.name : slug;
  }

  // -- what is known ---------------------------------------------------------------------------------------------------
  function live() {
    const gone = new Set(state.queue.map(function (row) { return row.body.voids; }).filter(Boolean));
    return state.queue.filter(function (row) { return !row.body.voids && !row.refused && !gone.has(row.uid); });
  }
  function seenOf(line) {
    const waiting = live().filter(function (row) { return row.body.tag === line.tag; }).pop();
    if (waiting) return { by: given.user, method: waiting.body.method, condition: waiting.body.condition, room: waiting.body.room, uid: waiting.uid, waits: true };
    const voided = line.counted && state.queue.some(function (row) { return row.body.voids === line.counted.uid; });
    return voided ? null : line.counted;
  }
  function byTag(tag) {
    return state.lines.find(function (line) { return line.tag === tag; })
      || state.lines.find(function (line) { return plain(line.tag) === plain(tag); });
  }

  async function listed(list) {
    state.lines = list.lines;
    state.known = true;
    await keep();
    await refreshQueue();
  }
  function keep() {
    return store.keepList({ user: given.user, number: given.number, lines: state.lines, extras: state.extras, at: Date.now() });
  }
  async function delivered(rows) {
    for (const row of rows) {
      const line = row.body.tag && byTag(row.body.tag);
      if (line && !row.body.voids) {
        line.counted = { by: given.user, at: row.body.counted_at, method: row.body.method, condition: row.body.condition, room: row.body.room, uid: row.uid };
      }
    }
    await keep();
  }
  async function refreshQueue() {
    state.queue = await store.all(given.user, given.number);
    draw();
  }

  // -- counting --------------------------------------------------------------------------------------------------------
  async function record(values) {
    const uid = store.uid();
    const body = Object.assign(
      { uid: uid, method: "hand", site: site(), room: room(), counted_at: new Date().toISOString() }, values);
    await store.put({ uid: uid, number: given.number, user: given.user, body: body });
    if (!body.tag || !byTag(body.tag)) {
      if (!body.voids) state.extras.push({ uid: uid, tag: body.tag || "", name: body.name || "", serial: body.serial || "" });
      await keep();
    }
    await refreshQueue();
    deliver().then(refreshQueue);
    return uid;
  }
  async function count(line, method, condition) {
    const before = seenOf(line);
    const uid = await record({ tag: line.tag, method: method, condition: condition || "ok" });
    const there = [siteName(line.site), line.room].filter(Boolean).join(", ");
    const elsewhere = line.site !== site() || (room() && line.room && plain(room()) !== plain(line.room));
    const text = elsewhere ? fill(words.elsewhere, { place: there }) : before ? fill(words.again, { who: before.by }) : words.found;
    show(elsewhere || before ? "warning" : "ok", line.name, line.tag, text, { uid: uid, line: line, condition: condition || "ok", method: method });
    if (navigator.vibrate) navigator.vibrate(60);
  }
  async function takeBack(uid) {
    await record({ voids: uid });
    state.extras = state.extras.filter(function (one) { return one.uid !== uid; });
    await keep();
    show("ok", words.taken_back, "", "", null);
  }

  // A label holds its number, of ours behind a prefix, or the address of its page here. Whatever else a code says, it is never opened.
  function tagIn(text) {
    const trimmed = text.trim().replace(/^QUANG:/i, "");
    if (byTag(trimmed)) return trimmed;
    if (trimmed.startsWith(given.prefix)) return trimmed.slice(given.prefix.length).trim();
    let address = null;
    try { address = new URL(trimmed); } catch (_error) { /* no address */ }
    if (address && address.origin === location.origin && address.pathname.startsWith("/assets/")) {
      return decodeURIComponent(address.pathname.slice("/assets/".length));
    }
    const odd = trimmed.length > 64 || /[\u0000-\u001f]/.test(trimmed) || /^[a-z][a-z0-9+.-]*:/i.test(trimmed) || !trimmed;
    return odd ? null : trimmed;
  }
  async function read(text, method) {
    const tag = tagIn(text);
    if (tag === null) {
      show("down", words.foreign, text.slice(0, 80), words.foreign_hint, null);
      return;
    }
    const line = byTag(tag);
    if (line) return count(line, method);
    show("warning", fill(words.not_listed, { tag: tag }), tag, words.not_listed_hint, { tag: tag, method: method });
    const told = await lookUp(tag);
    if (told && told.where !== "nowhere" && state.last && state.last.tag === tag) {
      show("warning", told.name, tag, fill(words.belongs, { site: told.site_name }), { tag: tag, method: method });
    }
  }
  async function lookUp(tag) {
    try {
      const answer = await fetch(given.things + "?tag=" + encodeURIComponent(tag), { headers: { "X-Background": "1" } });
      return answer.ok ? answer.json() : null;
    } catch (_error) {
      return null;
    }
  }

  // -- drawing ---------------------------------------------------------------------------------------------------------
  function button(cls, text, act) {
    const made = element("button", "btn " + cls, text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }
  function show(kind, title, tag, text, last) {
    state.last = last;
    const card = find("count-result");
    card.className = "count-result count-" + kind;
    card.replaceChildren(element("strong", "", title), element("div", "mono", tag), element("div", "", text));
    card.hidden = false;
    if (!last) return;
    const acts = element("div", "count-acts");
    if (last.line && last.condition === "ok") {
      acts.append(button("", words.damaged, function () { count(last.line, last.method, "damaged"); }));
    }
    if (last.uid) acts.append(button("", words.undo, function () { takeBack(last.uid); }));
    else acts.append(button("btn-primary", words.note_here, async function () {
      const uid = await record({ tag: last.tag, method: last.method });
      show("ok", words.noted, last.tag, "", { uid: uid, tag: last.tag });
    }));
    card.append(acts);
  }
  function row(line) {
    const item = element("li", "count-row");
    const label = element("div", "count-what");
    label.append(element("span", "count-name", line.name));
    const sub = element("span", "sub", [line.tag, line.room].filter(Boolean).join(" · "));
    label.append(sub);
    item.append(label);
    const seen = seenOf(line);
    if (seen) {
      const how = [words["by_" + seen.method], seen.condition === "damaged" ? words.is_damaged : "", seen.by, seen.waits ? words.waits : ""];
      label.append(element("span", "sub", how.filter(Boolean).join(" · ")));
      item.append(button("btn-ghost", words.undo, function () { takeBack(seen.uid); }));
    } else {
      if (line.evidence) label.append(element("span", "tag", words.evidence));
      item.append(button("", words.damaged, function () { count(line, "hand", "damaged"); }));
      item.append(button("btn-primary", words.here, function () { count(line, "hand"); }));
    }
    return item;
  }
  function extraRow(one) {
    const item = element("li", "count-row");
    const label = element("div", "count-what");
    label.append(element("span", "count-name", one.name || one.tag || one.serial));
    label.append(element("span", "sub", [one.tag, one.serial].filter(Boolean).join(" · ")));
    item.append(label, button("btn-ghost", words.undo, function () { takeBack(one.uid); }));
    return item;
  }
  function draw() {
    const here = state.lines.filter(function (line) { return line.site === site(); });
    const left = here.filter(function (line) { return !seenOf(line); });
    const done = here.filter(seenOf);
    find("count-done").textContent = done.length;
    find("count-all").textContent = here.length;
    find("count-bar").max = Math.max(1, here.length);
    find("count-bar").value = done.length;
    find("tab-left").querySelector("b").textContent = left.length;
    find("tab-done").querySelector("b").textContent = done.length;
    find("tab-extra").querySelector("b").textContent = state.extras.length;
    ["left", "done", "extra"].forEach(function (name) {
      find("tab-" + name).setAttribute("aria-pressed", String(state.tab === name));
    });
    const wanted = plain(find("count-search").value).split(" ").filter(Boolean);
    const rows = state.tab === "left" ? left : done;
    const fitting = rows.filter(function (line) {
      const text = plain([line.tag, line.serial, line.mac, line.name, line.room].join(" "));
      return wanted.every(function (word) { return text.includes(word); });
    });
    // The room where one stands comes first.
    const near = plain(room());
    fitting.sort(function (a, b) { return (plain(b.room) === near) - (plain(a.room) === near) || a.number - b.number; });
    const list = find("count-list");
    list.replaceChildren(...(state.tab === "extra" ? state.extras.map(extraRow) : fitting.slice(0, MOST_SHOWN).map(row)));
    find("count-more").textContent = state.tab !== "extra" && fitting.length > MOST_SHOWN
      ? fill(words.more, { count: fitting.length - MOST_SHOWN }) : "";
    find("count-none").hidden = Boolean(list.children.length);
    find("count-none").textContent = !state.known ? words.no_list : state.tab === "left" && !wanted.length ? words.all_counted : words.nothing;
    drawNet();
  }
  function tell(net, text) {
    state.net = net;
    state.netText = text || "";
    drawNet();
  }
  function drawNet() {
    const waiting = state.queue.filter(function (one) { return !one.refused; }).length;
    const badge = find("count-net");
    const all = { waiting: waiting, who: state.netText };
    badge.className = "count-net count-" + (state.net === "ok" && !waiting ? "ok" : state.net === "ok" || state.net === "offline" ? "warning" : "down");
    badge.textContent = state.net === "offline" ? fill(words.offline, all) : waiting ? fill(words.waiting, all) : words.delivered;
    badge.dataset.waiting = waiting;
    badge.dataset.net = state.net;
    const note = find("count-note");
    const refused = state.queue.filter(function (one) { return one.refused; });
    const texts = { signedOut: words.signed_out, other: fill(words.other, all), closed: state.netText };
    const said = [texts[state.net] || ""].concat(refused.map(function (one) { return [one.body.tag || one.body.name, one.refused].filter(Boolean).join(": "); }));
    find("count-note-text").textContent = said.filter(Boolean).join("\n");
    find("count-sign-in").hidden = state.net !== "signedOut" && state.net !== "other";
    note.hidden = !said.some(Boolean);
  }

  // -- what people do --------------------------------------------------------------------------------------------------
  function remember() {
    try { sessionStorage.setItem("quang-count-place", JSON.stringify([site(), find("count-room").value])); } catch (_error) { /* full or forbidden */ }
  }
  try {
    const [slug, name] = JSON.parse(sessionStorage.getItem("quang-count-place") || "[]");
    if (given.sites.some(function (one) { return one.slug === slug; })) find("count-site").value = slug;
    if (name) find("count-room").value = name;
  } catch (_error) { /* never counted here */ }
  find("count-site").addEventListener("change", function () { remember(); draw(); });
  find("count-room").addEventListener("change", function () { remember(); draw(); });
  find("count-search").addEventListener("input", draw);
  find("count-typed").addEventListener("submit", function (event) {
    event.preventDefault();
    const text = find("count-search").value.trim();
    const line = byTag(text);
    if (!line) return;
    find("count-search").value = "";
    count(line, "hand");
  });
  ["left", "done", "extra"].forEach(function (name) {
    find("tab-" + name).addEventListener("click", function () { state.tab = name; draw(); });
  });
  find("count-photo").addEventListener("change", async function (event) {
    const file = event.target.files[0];
    event.target.value = "";
    if (!file) return;
    try {
      const texts = await scan.photo(file, given);
      if (texts.length) for (const text of texts) await read(text, "scan");
      else show("warning", words.no_code, "", words.no_code_hint, null);
    } catch (_error) {
      show("down", words.no_code, "", words.no_code_hint, null);
    }
  });
  const video = find("count-video");
  find("count-camera").hidden = !scan.hasCamera();
  find("count-camera").addEventListener("click", async function () {
    find("count-eye").hidden = false;
    try {
      await scan.start(video, given, function (text) { read(text, "scan"); });
    } catch (_error) {
      find("count-eye").hidden = true;
      show("down", words.no_camera, "", words.no_camera_hint, null);
    }
  });
  find("count-camera-off").addEventListener("click", function () {
    scan.stop(video);
    find("count-eye").hidden = true;
  });
  find("count-unlabelled").addEventListener("submit", async function (event) {
    event.preventDefault();
    const form = event.target;
    const name = form.elements.name.value.trim();
    const serial = form.elements.serial.value.trim();
    if (!name && !serial) return;
    const uid = await record({ name: name, serial: serial, note: form.elements.note.value.trim() });
    form.reset();
    form.closest("details").open = false;
    show("ok", words.noted, serial, name, { uid: uid });
  });

  // -- beginning -------------------------------------------------------------------------------------------------------
  async function comeBack() {
    await deliver();
    await refreshQueue();
  }
  await window.quangPhone.ready;
  window.quangPhone.own(given.user);
  const kept = await store.list(given.user, given.number);
  if (kept) {
    state.lines = kept.lines;
    state.extras = kept.extras || [];
    state.known = true;
  }
  await refreshQueue();
  document.documentElement.dataset.counting = "ready";
  comeBack();
  window.addEventListener("online", comeBack);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) comeBack(); });
  window.setInterval(function () { if (!document.hidden) comeBack(); }, AGAIN_MS);

  if ("serviceWorker" in navigator) {
    await navigator.serviceWorker.register("/stocktakes/worker.js", { scope: "/stocktakes/" });
    await navigator.serviceWorker.ready;
    const pages = await caches.open("quang-count-pages");
    const page = await fetch(location.pathname).catch(function () { return null; });
    if (page && page.ok && !page.redirected) await pages.put(location.pathname, page);
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    document.documentElement.dataset.counting = "offline";
  } else {
    find("count-no-offline").hidden = false;
  }
})();
