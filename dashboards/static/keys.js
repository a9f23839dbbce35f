// Keys for review. Every key presses something that is on the page and works without it; keys are off while somebody types.
"use strict";

const one = (selector) => document.querySelector(selector);
const press = (selector) => { const target = one(selector); if (target && !target.disabled) target.click(); };
const isTyping = (target) => target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

const deciding = one("form.deciding");
const confirmButton = deciding && deciding.querySelector("button.main");

// Confirm is off until each element is ticked. The server refuses it too.
function gate() {
  confirmButton.disabled = [...deciding.querySelectorAll("input[name=elements]")].some((element) => !element.checked);
}
if (deciding) { gate(); deciding.addEventListener("change", gate); }

// One verdict a page: a second press of a key must not decide the next finding.
if (deciding) deciding.addEventListener("submit", (event) => {
  if (deciding.dataset.sent) event.preventDefault();
  deciding.dataset.sent = "yes";
});

addEventListener("pageshow", () => { if (deciding) { delete deciding.dataset.sent; gate(); } });

function tick(number) {
  const element = document.querySelectorAll("input[name=elements]")[number - 1];
  if (element) element.click();
}

// Permitted names the permission: the first press goes to the list where none is chosen yet.
function permitted() {
  const list = one("select[name=permission_id]");
  if (list && !list.value) list.focus(); else press("[data-key=p]");
}

// The exemplar over the hit, fetched when it is first asked for.
function overlay(event) {
  const link = one("#over"), plate = one(".plate");
  if (!link || !plate) return;
  if (event) event.preventDefault();
  let image = plate.querySelector(".overlay");
  if (image) { image.classList.toggle("off"); return; }
  image = document.createElementNS("http://www.w3.org/2000/svg", "image");
  const [, , width, height] = plate.getAttribute("viewBox").split(" ");
  for (const [name, value] of Object.entries({ class: "overlay", href: link.dataset.overlay, width, height, preserveAspectRatio: "none" })) image.setAttribute(name, value);
  plate.querySelector(".boxes").before(image);
}
if (one("#over")) one("#over").addEventListener("click", overlay);

function unblur() {
  const asking = one("#unmask");
  if (asking) { asking.open = true; asking.querySelector("input[name=reason]").focus(); }
}

function find() { const field = one("#find"); if (field) { field.focus(); field.select(); } }
function sheet() { location.hash = location.hash === "#keys" ? "#main" : "#keys"; }

const KEYS = {
  j: () => press("a[rel=next]"), k: () => press("a[rel=prev]"), z: () => press(".undo button"),
  y: () => press("[data-key=y]"), n: () => press("[data-key=n]"), h: () => press("[data-key=h]"), o: () => press("[data-key=o]"),
  s: () => press("[data-key=s]"), c: () => press("[data-key=c]"), p: permitted,
  b: () => press("#show-boxes"), m: () => press("#show-points"), e: () => overlay(), u: unblur, "/": find, "?": sheet,
  1: () => tick(1), 2: () => tick(2), 3: () => tick(3), 4: () => tick(4), 5: () => tick(5),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === "Escape") { document.activeElement.blur(); if (location.hash === "#keys") location.hash = "#main"; return; }
  if (isTyping(event.target) || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});

// The offer to take a verdict back ends with the time in which the server grants it.
const undo = one(".undo");
if (undo) setTimeout(() => undo.remove(), Number(undo.dataset.leftMs));

// The current entry of the queue is in sight.
const current = one(".queue [aria-current]");
if (current) current.scrollIntoView({ block: "center" });
