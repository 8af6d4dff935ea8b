// Delivers what was counted: each entry once, whatever is sent twice, in the name of whoever counted it.
(function () {
  "use strict";
  const AT_A_TIME = 200;
  const LIST_MS = 60000;
  const BACKGROUND = { "X-Background": "1", Accept: "application/json" };

  // `tell(state, text)`: ok, offline, signedOut, other, closed, refused.
  window.quangQueue = function (settings, store, tell) {
    let busy = null;
    let fresh = 0;

    async function ask(path, options) {
      const given = Object.assign({ credentials: "same-origin", cache: "no-store" }, options);
      given.headers = Object.assign({}, BACKGROUND, given.headers);
      return fetch(path, given);
    }

    // The page may come from the phone's own store, so what it knows of the session may be old.
    async function session() {
      const answer = await ask("/api/v1/session");
      if (answer.status === 401) return tell("signedOut"), null;
      if (!answer.ok) throw new Error("session " + answer.status);
      const me = await answer.json();
      if (me.name !== settings.user) return tell("other", me.name), null;
      return me;
    }

    async function send(rows, me) {
      return ask(settings.entries, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": me.csrf },
        body: JSON.stringify({ entries: rows.map(function (row) { return row.body; }) }),
      });
    }

    async function refuse(row, reason) {
      await store.put(Object.assign({}, row, { refused: reason }));
    }

    async function batch(rows, me) {
      const answer = await send(rows, me);
      if (answer.ok) {
        const told = await answer.json();
        const reasons = new Map(told.refused.map(function (one) { return [one.uid, one.reason]; }));
        for (const row of rows) if (reasons.has(row.uid)) await refuse(row, reasons.get(row.uid));
        const done = rows.filter(function (row) { return !reasons.has(row.uid); });
        await settings.delivered(done);
        await store.drop(done.map(function (row) { return row.uid; }));
        return true;
      }
      if (answer.status === 422) {
        // One that the server cannot read must not hold up the others.
        if (rows.length > 1) {
          for (const row of rows) if (!(await batch([row], me))) return false;
          return true;
        }
        await refuse(rows[0], (await answer.json()).detail);
        return true;
      }
      if (answer.status === 409) return tell("closed", (await answer.json()).detail), false;
      if (answer.status === 401) return tell("signedOut"), false;
      throw new Error("entries " + answer.status);
    }

    async function run() {
      const mine = (await store.all(settings.user, settings.number)).filter(function (row) { return !row.refused; });
      mine.sort(function (a, b) { return a.body.counted_at < b.body.counted_at ? -1 : 1; });
      const me = mine.length ? await session() : {};
      if (!me) return;
      for (let start = 0; start < mine.length; start += AT_A_TIME) {
        if (!(await batch(mine.slice(start, start + AT_A_TIME), me))) return;
      }
      // What others counted is asked for each minute: the list is long, and the line may be a poor one.
      if (mine.length || Date.now() - fresh > LIST_MS) await refresh();
    }

    async function refresh() {
      const answer = await ask(settings.lines);
      if (answer.status === 401) return tell("signedOut");
      if (!answer.ok) throw new Error("lines " + answer.status);
      await settings.listed(await answer.json());
      fresh = Date.now();
      tell("ok");
    }

    return function deliver() {
      if (!busy) {
        busy = run()
          .catch(function () { fresh = 0; tell("offline"); })
          .finally(function () { busy = null; });
      }
      return busy;
    };
  };
})();
