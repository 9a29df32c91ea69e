/** The lobby: alone to a match, with friends to one, and what the page and the servers agree upon. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { MATCH_LIMIT, play, playing, seatOf, steers, traffic } from "./game-support.mjs";
import { join, makeParty, members, scripted } from "./lobby-support.mjs";
import {
  assertAccessible,
  assertFits,
  baseUrl,
  browser,
  LIMIT,
  logIn,
  unique,
} from "./support.mjs";

/** @typedef {import("playwright-core").Page} Page */

const open = browser();
const player = playing(open);

test("alone to a match, out of it, and into another one", MATCH_LIMIT, async () => {
  const { page, name, problems } = await player();
  await play(page);
  await steers(page);
  const first = await seatOf(page);
  assert.match(first.server, /^gs-[0-9a-z]{10}$/);
  assert.equal(await page.locator(".hud-server").textContent(), first.server);
  assert.match((await page.locator(".hud-seated").textContent()) ?? "", /^\d+\.\d s$/);
  assert.equal(await page.evaluate(() => document.activeElement?.className), "stage");
  await page.getByRole("button", { name: "Leave" }).click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "play");
  await page.getByRole("button", { name: "Play again" }).click();
  await page.waitForFunction(() => Reflect.get(window, "traffic").welcomes.length === 2);
  const second = await seatOf(page);
  assert.notEqual(second.match_id, first.match_id, `${name} is not put back`);
  assert.deepEqual(problems, []);
});

test("four in a party play one match to its end, on one server", MATCH_LIMIT, async () => {
  const all = [await player(), await player(), await player(), await player()];
  const [ada, ...friends] = all;
  assert.ok(ada);
  const code = await makeParty(ada.page);
  for (const { page } of friends) await join(page, code);
  const names = all.map(({ name }) => name);
  for (const { page } of all) await members(page, names);
  // Anybody can begin, and then all are there.
  await friends[1]?.page.getByRole("button", { name: "Play together" }).click();
  for (const { page } of all) await steers(page);
  const seats = await Promise.all(all.map(({ page }) => seatOf(page)));
  const [first] = seats;
  for (const { server, match_id } of seats) {
    assert.deepEqual([server, match_id], [first?.server, first?.match_id]);
  }
  assert.equal(new Set(seats.map(({ seat }) => seat)).size, 4);
  await ada.page.getByText(/^You are goat \d\. Against you: 3 players and 4 bots\.$/).waitFor();
  for (const name of names.slice(1)) {
    await ada.page.locator(".goats", { hasText: name }).waitFor();
  }
  for (const { page } of all) {
    await page.locator('[data-phase="result"]').waitFor({ timeout: 120_000 });
  }
  const winners = await Promise.all(all.map(({ page }) => winner(page)));
  assert.equal(new Set(winners).size, 1, winners.join(", "));
  // The party ends with its match, and whoever wants to can play again.
  await ada.page.getByRole("button", { name: "Play again" }).waitFor();
  await assertAccessible(ada.page);
  await friends[0]?.page.getByText(/^The match is over\. .* won[.!]$/).waitFor();
  for (const { page } of all) assert.equal(await page.locator(".party").isVisible(), false);
  assert.deepEqual(
    all.flatMap(({ problems }) => problems),
    [],
  );
});

test("a code is typed as people type it, and a wrong one is told", LIMIT, async () => {
  const [ada, bob] = [await player(), await player()];
  const code = await makeParty(ada.page);
  await join(bob.page, "ZZZZ-ZZZZ");
  await bob.page.getByText("There is no party with this code.").waitFor();
  const typed = code.toLowerCase().replace("-", " ").replaceAll("0", "O").replaceAll("1", "l");
  await join(bob.page, ` ${typed} `);
  await members(bob.page, [ada.name, bob.name]);
  await members(ada.page, [ada.name, bob.name]);
  // The code on Bob's page is the one on Ada's.
  assert.equal(await bob.page.locator(".party-code").textContent(), code);
});

test("a link leads into the party, after the log-in", LIMIT, async () => {
  const ada = await player();
  const code = await makeParty(ada.page);
  const link = await ada.page.getByLabel("Link for your friends").inputValue();
  assert.equal(link, new URL(`/#party=${code}`, baseUrl()).href);
  const { page } = await open();
  await page.goto(link);
  await page.getByText(`Log in, and you join the party ${code}.`).waitFor();
  const bob = unique("Bob");
  await logIn(page, bob);
  await members(page, [ada.name, bob]);
  assert.equal(new URL(page.url()).hash, "");
  await page.reload();
  await members(page, [ada.name, bob]);
});

test("the link is copied by a button, which says so", LIMIT, async () => {
  const permissions = ["clipboard-read", "clipboard-write"];
  const { page } = await player({ permissions });
  const code = await makeParty(page);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.getByText("The link is copied.").waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, new URL(`/#party=${code}`, baseUrl()).href);
});

test("the ninth is refused at joining, in a sentence", LIMIT, async () => {
  const { page } = await player();
  const ada = await scripted(open, unique("Ada"));
  const { json } = await ada.ask("POST", "/api/party");
  const { code } = json.party;
  for (let n = 0; n < 7; n++) {
    const friend = await scripted(open, unique("Friend"));
    const joined = await friend.ask("POST", "/api/party/join", { code });
    assert.equal(joined.status, 200, JSON.stringify(joined.json));
  }
  await join(page, code);
  await page.getByText("This party is full.").waitFor();
  await assertAccessible(page);
});

test("F5, a second tab and a log-out: page and servers agree", LIMIT, async () => {
  const [ada, bob] = [await player(), await player()];
  const code = await makeParty(ada.page);
  await join(bob.page, code);
  const both = [ada.name, bob.name];
  await members(ada.page, both);
  await ada.page.reload();
  await members(ada.page, both);
  const tab = await ada.context.newPage();
  await tab.goto(baseUrl());
  await members(tab, both);
  // What is done in one tab holds in the other.
  await tab.getByRole("button", { name: "Leave party" }).click();
  await ada.page.getByRole("button", { name: "Play", exact: true }).waitFor();
  await members(bob.page, [bob.name]);
  await join(ada.page, code);
  await members(tab, both);
  await tab.close();
  // Whoever logs out is not in it any more.
  await ada.page.getByRole("button", { name: "Log out" }).click();
  await ada.page.locator(".party").waitFor({ state: "hidden" });
  await members(bob.page, [bob.name]);
});

test(
  "whoever cancels on the way to a seat stays where they are, and the seat is free",
  LIMIT,
  async () => {
    const { page } = await player();
    // The game server never says a word.
    await page.routeWebSocket(/\/game\//, () => {});
    await play(page);
    await page.locator('[data-phase="connecting"]').waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.locator('[data-phase="off"]').waitFor();
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    const { seat } = await page.evaluate(async () => (await fetch("/api/lobby")).json());
    assert.equal(seat, null);
  },
);

test("a second tab takes the seat over, and the first one says so", MATCH_LIMIT, async () => {
  const { page, context } = await player();
  await play(page);
  await page.locator('[data-phase="gathering"]').waitFor();
  const tab = await context.newPage();
  await tab.goto(baseUrl());
  await tab.getByText("You have a seat in a match that goes on.").waitFor();
  await tab.getByRole("button", { name: "Back to my match" }).click();
  await tab.locator('[data-phase="gathering"], [data-phase="playing"]').first().waitFor();
  await page.getByText("You play in another tab or window now.").waitFor();
  await page.getByRole("button", { name: "Play here" }).waitFor();
  // Neither takes it back by itself.
  await steers(tab);
  assert.equal((await traffic(page)).welcomes.length, 1);
  assert.equal(await page.locator(".play").getAttribute("data-phase"), "off");
});

test("whoever is not logged in is led there", LIMIT, async () => {
  const { page } = await open();
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.getByText("Log in first").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "name");
  await logIn(page, unique("Ada"));
  await page.getByText("Butt the others off").waitFor();
});

test("a full system says so, and for how long somebody has waited", MATCH_LIMIT, async () => {
  const { page } = await player();
  const system = { isFull: true };
  await page.route("**/api/play", async (route) => {
    if (!system.isFull || route.request().method() !== "POST") return route.continue();
    const headers = { "x-replica": "webserver-1", "retry-after": "1" };
    const json = { error: "every seat is taken", code: "full" };
    return route.fulfill({ status: 503, headers, json });
  });
  await play(page);
  await page.getByText("All seats are taken. You get one as soon as there is room.").waitFor();
  await page.locator(".waiting-seconds", { hasText: "2 s" }).waitFor();
  await assertAccessible(page);
  await page.getByRole("button", { name: "Cancel" }).click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "play");
  await play(page);
  await page.getByText("All seats are taken.").waitFor();
  system.isFull = false;
  await page.locator('[data-phase="gathering"], [data-phase="playing"]').first().waitFor();
  await page.locator(".hud-seated", { hasText: / s$/ }).waitFor();
});

for (const width of [360, 1280]) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(
      `party and fleet, ${width} pixels wide and ${colorScheme}: they fit, and axe is content`,
      LIMIT,
      async () => {
        const phone = { hasTouch: true, isMobile: true };
        const { page, problems } = await player({
          viewport: { width, height: 740 },
          colorScheme,
          ...(width === 360 ? phone : {}),
        });
        await assertFits(page);
        await assertAccessible(page);
        const code = await makeParty(page);
        for (const name of ["W".repeat(25), "Zoë", "مرحبا"]) {
          const friend = await scripted(open, unique(name));
          await friend.ask("POST", "/api/party/join", { code });
        }
        await page.locator(".members li").nth(3).waitFor();
        await assertFits(page);
        await assertAccessible(page);
        await page.getByText("Game servers").first().click();
        await page.locator(".fleet tbody tr").first().waitFor();
        await assertFits(page);
        await assertAccessible(page);
        assert.deepEqual(problems, []);
      },
    );
  }
}

test("the fleet is shown, and which of it this page is on", MATCH_LIMIT, async () => {
  const { page } = await player();
  await play(page);
  await page.locator('[data-phase="gathering"]').waitFor();
  await page.getByText("Game servers").first().click();
  const { server } = await seatOf(page);
  const own = page.locator(".fleet tr.own");
  await own.getByText("you are here").waitFor();
  await own.getByText("allocated").waitFor();
  assert.match((await own.textContent()) ?? "", new RegExp(server));
});

test("by keyboard alone: a party, its match, and out of both", MATCH_LIMIT, async () => {
  const { page, problems } = await player();
  await page.locator("#play").focus();
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "friends");
  await page.keyboard.press("Enter");
  await page.locator(".party").waitFor();
  assert.equal(await focused(page), "together");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "leave-party");
  await page.keyboard.press("Enter");
  await page.locator(".party").waitFor({ state: "hidden" });
  assert.equal(await focused(page), "play");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator(".party").waitFor();
  await page.keyboard.press("Space");
  await steers(page);
  assert.equal(await page.evaluate(() => document.activeElement?.className), "stage");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await focused(page), "leave");
  await page.keyboard.press("Enter");
  // A match that nobody plays any more is over, and so is its party.
  await page.locator(".party").waitFor({ state: "hidden" });
  assert.equal(await focused(page), "play");
  assert.deepEqual(problems, []);
});

/** @param {Page} page */
function focused(page) {
  return page.evaluate(() => document.activeElement?.id);
}

/**
 * Who has won, whoever says it: the winner's number, or none.
 * @param {Page} page
 */
async function winner(page) {
  const text = (await page.locator(".play-state").textContent()) ?? "";
  if (text === "You have won!") return `goat ${(await seatOf(page)).seat}`;
  if (text === "Nobody has won.") return "nobody";
  const name = text.replace(" has won.", "");
  const number = /^Goat (\d)$/.exec(name)?.[1];
  if (number !== undefined) return `goat ${Number(number) - 1}`;
  const row = page.locator(".goats li", { hasText: name }).locator(".goat-number");
  return `goat ${Number.parseInt(((await row.textContent()) ?? "").replace("Goat ", ""), 10) - 1}`;
}
