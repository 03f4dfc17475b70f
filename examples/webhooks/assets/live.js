"use strict";
// The page asks for itself again when the server says that something changed,
// and takes over the parts marked data-live. Children of data-keyed are told
// apart by their id, so that what did not change keeps focus and stays open.

const status = document.getElementById("live");
const parts = () => document.querySelectorAll("[data-live]");

function merge(old, fresh) {
  if (!old.hasAttribute("data-keyed")) {
    if (old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML;
    return;
  }
  let at = old.firstElementChild;
  for (const item of [...fresh.children]) {
    const known = document.getElementById(item.id);
    if (known && known.parentElement === old) {
      if (known.dataset.was !== item.innerHTML) update(known, item);
      if (known === at) at = at.nextElementSibling;
      else old.insertBefore(known, at);
    } else {
      item.dataset.was = item.innerHTML;
      item.classList.add("new");
      old.insertBefore(item, at);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextElementSibling;
    gone.remove();
  }
}

function update(known, item) {
  const focused = known.contains(document.activeElement), open = known.querySelector("details[open]") !== null;
  const first = known.dataset.was === undefined && known.innerHTML === item.innerHTML;
  known.dataset.was = item.innerHTML;
  if (first) return;
  known.innerHTML = item.innerHTML;
  if (open) known.querySelector("details").open = true;
  if (focused) known.querySelector("a, summary").focus();
}

let busy = false, again = false;
async function refresh() {
  if (busy || document.hidden) {
    again = true;
    return;
  }
  busy = true;
  again = false;
  try {
    const answer = await fetch(location.href, {headers: {Accept: "text/html"}});
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of parts()) {
        const fresh = page.getElementById(part.id);
        if (fresh) merge(part, fresh);
      }
    }
  } catch {
    // The stream says so too, and begins again by itself.
  } finally {
    busy = false;
    if (again) refresh();
  }
}

document.addEventListener("visibilitychange", () => { if (!document.hidden && again) refresh(); });
for (const form of document.querySelectorAll("form[data-filter]")) {
  form.addEventListener("change", () => form.requestSubmit());
  form.addEventListener("submit", () => {
    for (const field of form.querySelectorAll("select")) field.disabled = field.value === "";
  });
}
if (parts().length > 0) {
  const source = new EventSource("/live");
  source.addEventListener("changed", refresh);
  source.onopen = () => { status.textContent = "live"; status.className = "live on"; };
  source.onerror = () => {
    status.textContent = source.readyState === EventSource.CLOSED ? "reload to see what is new" : "connecting…";
    status.className = "live";
  };
}
