/** Who is who: two people of one name, and two people at one browser. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { connected, here, joining, message, say } from "./chat-support.mjs";
import { baseUrl, browser, LIMIT, logIn, unique } from "./support.mjs";

const open = browser();
const join = joining(open);

test("two of the same name are told apart, and each page knows its own words", LIMIT, async () => {
  const bob = await join("Bob");
  const [one, other] = [await open(), await open()];
  const name = unique("Ada");
  for (const { page } of [one, other]) {
    await logIn(page, name);
    await connected(page);
  }
  const text = unique("it is me");
  await say(one.page, text);
  for (const { page } of [one, other, bob]) await message(page, text).waitFor();
  assert.equal(await one.page.locator(".message.mine", { hasText: text }).count(), 1);
  assert.equal(await other.page.locator(".message.mine", { hasText: text }).count(), 0);
  await message(bob.page, text).locator(".tag").waitFor();
  await here(bob.page, name).locator(".tag").nth(1).waitFor();
  const tags = await here(bob.page, name).locator(".tag").allTextContents();
  assert.equal(new Set(tags).size, 2);
  assert.equal(await here(one.page, "(you)").count(), 1);
  assert.deepEqual([...one.problems, ...other.problems, ...bob.problems], []);
});

test("what one person typed is never said by the next at the same browser", LIMIT, async () => {
  const watcher = await join("Cem");
  const { page, context } = await join("Anna");
  const way = { closed: true };
  await page.routeWebSocket(/\/ws/, (socket) => {
    if (way.closed) socket.close({ code: 1012 });
    else socket.connectToServer();
  });
  await page.reload();
  await page.locator('.talk[data-link="waiting"]').waitFor();
  const annas = unique("Anna's words");
  await say(page, annas);
  await page.locator(".entry.waiting", { hasText: annas }).waitFor();
  // This page asks nobody any more, so that it learns only by its next connection who is logged in.
  await page.getByRole("button", { name: "Pause" }).click();

  const tab = await context.newPage();
  await tab.goto(baseUrl());
  await tab.getByRole("button", { name: "Log out" }).click();
  const boris = unique("Boris");
  await logIn(tab, boris);
  await connected(tab);
  way.closed = false;
  // It may have tried by itself, and then the button is gone.
  await page.locator("button", { hasText: "Try now" }).dispatchEvent("click");
  await page.getByText(`You are ${boris}`).first().waitFor();
  await connected(page);
  await page.locator(".note", { hasText: "had not arrived yet" }).waitFor();
  assert.equal(await page.locator(".entry").count(), 0);

  // What Boris says there arrives, and before it nothing did.
  const words = unique("Boris's own");
  await say(page, words);
  for (const one of [page, tab, watcher.page]) {
    await message(one, words).waitFor();
    assert.equal(await message(one, annas).count(), 0);
  }
});

test("whoever logs out in one tab is logged out in the other, too", LIMIT, async () => {
  const { page, context } = await join("Ada");
  const tab = await context.newPage();
  await tab.goto(baseUrl());
  await connected(tab);
  await page.getByRole("button", { name: "Log out" }).click();
  await tab.getByLabel("Your name").waitFor();
  await tab.locator('.talk[data-link="off"]').waitFor();
});

test("marks that are heaped upon a letter stay within their message", LIMIT, async () => {
  const { page } = await join("Ada");
  const text = `${unique("heap")} Z${"\u0334\u0351".repeat(60)}`;
  await say(page, text);
  await message(page, text.slice(0, 11)).waitFor();
  const clips = await message(page, text.slice(0, 11)).evaluate((element) => {
    return [element, ...element.querySelectorAll(".text")].map(
      (one) => getComputedStyle(one).overflow,
    );
  });
  assert.deepEqual(new Set(clips), new Set(["clip"]));
});
