// A wall screen: turns its views, follows the record, says how old its figures are, and when it has lost the server.
(() => {
  "use strict";
  const { views, every, now } = document.body.dataset;
  const names = views.split(" ");
  const lost = document.querySelector(".lost"), age = document.querySelector(".data-age"), paused = document.querySelector(".paused");
  const seconds = Number(every);
  const POLL_MS = 5000, PATIENCE_MS = 8000, FRESH_S = 15;
  let view = document.getElementById("wall-head").dataset.view, seq = document.getElementById("wall-head").dataset.seq;
  let known = Date.now(), turned = Date.now(), failures = 0, stands = false, fetching = false;

  const answer = async (address) => {
    const found = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (found.status === 404) location.reload(); // switched off: show what the server says of it
    if (!found.ok) throw new Error(String(found.status));
    return found;
  };

  const show = async (wanted) => {
    if (fetching) return;
    fetching = true;
    try {
      const address = new URL(location.href);
      address.searchParams.set("view", wanted);
      const page = new DOMParser().parseFromString(await (await answer(address)).text(), "text/html");
      for (const id of ["wall-head", "slide", "wall-turns"]) document.getElementById(id).replaceWith(page.getElementById(id));
      ({ view, seq } = document.getElementById("wall-head").dataset);
      heard();
      if (wanted !== names[0] || names.length > 1) history.replaceState(null, "", address);
    } catch { failures += 1; } finally { fetching = false; tell(); }
  };
  const heard = () => { known = Date.now(); failures = 0; };

  const poll = async () => {
    try {
      const { seq: last } = await (await answer(now)).json();
      if (String(last) !== String(seq)) await show(view); else heard();
    } catch { failures += 1; }
    tell();
  };

  const turn = (by) => { turned = Date.now(); return show(names[(names.indexOf(view) + by + names.length) % names.length]); };
  const pause = () => { stands = !stands; turned = Date.now(); paused.hidden = !stands; };

  const span = (s) => s < 60 ? age.dataset.s.replace("{n}", s) : s < 3600 ? age.dataset.min.replace("{n}", Math.floor(s / 60)) : age.dataset.h.replace("{n}", Math.floor(s / 3600));
  const tell = () => {
    const s = Math.floor((Date.now() - known) / 1000), gone = failures > 1;
    age.textContent = s < FRESH_S ? age.dataset.fresh : age.dataset.words.replace("{age}", span(s));
    document.documentElement.classList.toggle("is-lost", gone);
    lost.hidden = !gone;
    if (gone) lost.textContent = lost.dataset.words.replace("{age}", span(s));
  };

  addEventListener("keydown", (press) => {
    if (press.key === " " || press.key === "p") { press.preventDefault(); pause(); }
    if (press.key === "ArrowRight") turn(1);
    if (press.key === "ArrowLeft") turn(-1);
  });
  setInterval(poll, POLL_MS);
  setInterval(() => {
    tell();
    // A view that cannot be fetched is tried again with the next poll, not each second.
    if (seconds && !stands && failures < 2 && names.length > 1 && Date.now() - turned >= seconds * 1000) turn(1);
  }, 1000);
  tell();
})();
