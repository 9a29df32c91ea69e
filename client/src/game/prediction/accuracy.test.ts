import { expect, test } from "vitest";
import { Accuracy } from "./accuracy";

const at = (x: number) => ({ x, y: 0 });

test("the shares are those of the last seconds, and of ticks in which there is a goat", () => {
  const accuracy = new Accuracy(1000);
  expect(accuracy.shares).toBeNull();
  for (let tick = 0; tick < 8; tick++) {
    accuracy.shown(tick, 0, { withPrediction: at(tick === 3 ? 1.5 : 0.5), without: at(8) });
    accuracy.told(tick, 10 * tick, tick < 4 ? at(0) : null);
  }
  expect(accuracy.shares).toEqual({ withPrediction: 0.25, without: 1 });
  accuracy.told(9, 2000, at(0));
  expect(accuracy.shares).toBeNull();
});

test("what is shown only after the server has said it counts, too", () => {
  const accuracy = new Accuracy();
  accuracy.told(5, 0, at(0));
  accuracy.shown(5, 20, { withPrediction: at(0), without: at(0) });
  expect(accuracy.shares).toEqual({ withPrediction: 0, without: 0 });
});
