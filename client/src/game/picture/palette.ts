/** The colours of the picture, by day and by night. They go with those of the page. */

export interface Palette {
  night: boolean;
  /** From the top down to where the valley's haze begins. */
  sky: readonly [string, string, string];
  light: string;
  glow: string;
  /** Ridges behind the mountain, from the farthest to the nearest. */
  ridges: readonly string[];
  snow: string;
  haze: string;
  cloud: string;
  /** The mountaintop: its middle, its rim, and what grows there. */
  meadow: readonly [string, string];
  tuft: string;
  flowers: readonly string[];
  /** The earth at the edge. */
  earth: string;
  /** Rock in the light and in the shade, as red, green and blue. */
  rock: readonly [readonly [number, number, number], readonly [number, number, number]];
  warning: string;
  shadow: string;
  dust: string;
  /** What is drawn around goats. */
  outline: string;
}

export const DAY: Palette = {
  night: false,
  sky: ["#a9b8f5", "#d6d6fa", "#fbe9dc"],
  light: "#fff8e6",
  glow: "255 236 190",
  ridges: ["#b9bdea", "#a3a6dc", "#8f90cd"],
  snow: "#f3f2ff",
  haze: "242 238 252",
  cloud: "255 255 255",
  meadow: ["#d9e8b4", "#b4cf8f"],
  tuft: "#8fb36b",
  flowers: ["#ffffff", "#ffe08a", "#f7b9d3"],
  earth: "#8a6f5a",
  rock: [
    [190, 184, 214],
    [98, 92, 140],
  ],
  warning: "217 72 15",
  shadow: "30 27 75",
  dust: "246 240 226",
  outline: "#221e4b",
};

export const NIGHT: Palette = {
  night: true,
  sky: ["#0e0c22", "#221d4c", "#4a3b78"],
  light: "#f4f0ff",
  glow: "190 180 255",
  ridges: ["#2f2a60", "#262253", "#1d1a45"],
  snow: "#6f6aa8",
  haze: "38 33 74",
  cloud: "92 84 150",
  meadow: ["#5c7a6a", "#3f5b57"],
  tuft: "#7b9c82",
  flowers: ["#d7d3f5", "#e7d58e", "#c89bc0"],
  earth: "#33293f",
  rock: [
    [104, 96, 152],
    [34, 29, 70],
  ],
  warning: "255 140 90",
  shadow: "8 6 24",
  dust: "206 202 232",
  outline: "#120f2b",
};

/** The coats of the goats by seat. Each is dark enough for white digits, and none says alone whose goat it is. */
export const COATS: readonly string[] = [
  "#5b52f0",
  "#d2450c",
  "#0b7f75",
  "#cf256d",
  "#587a10",
  "#1173bb",
  "#7d4a25",
  "#4a4568",
];

/** What all goats have, whosever they are. */
export const GOAT = {
  face: "#fff7ed",
  muzzle: "#f3dfcd",
  horn: "#fbbf24",
  hornShade: "#d99a12",
  leg: "#fdeedd",
  hoof: "#3a3357",
  pattern: "#fff3df",
  eye: "#1e1b4b",
};

/** Around the own goat. */
export const OWN = "#fbbf24";
