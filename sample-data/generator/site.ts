/**
 * What stays the same in the synthetic landscape: meadow, river, rock, roads, relief, and the order of the works.
 * @module
 */
import { fractalNoise, smoothStep } from './random.ts';
import { OPENING, RESTORATION, type Stage } from './story.ts';
import { distanceFromEdge, MINES, relativeRadius, toFrame, zoneAt, type Mine } from './zones.ts';

/** The seed of everything that is drawn. */
export const SEED = 20200715;

/** A lattice of points in pixel coordinates of the base grid: (col + 0.5 + x, row + 0.5 + y). */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Position of its upper left corner on the base grid, in pixels; may be fractional. */
  readonly x: number;
  readonly y: number;
}

/** Static layers of a frame; each array has one value per pixel, row-major. */
export interface Site {
  readonly frame: Frame;
  /** Place in ZONES, −1 outside all zones. */
  readonly zone: Int8Array;
  /** FVC of the undisturbed land, not clipped; natural bare ground included. */
  readonly meadow: Float64Array;
  /** 1 where the river or rock covers the ground, 0 on meadow. */
  readonly natural: Float64Array;
  /** 1 on open water. */
  readonly water: Float64Array;
  /** 1 on a road or yard. */
  readonly road: Float64Array;
  /** Factor on the brightness by slope and aspect. */
  readonly relief: Float64Array;
  /** 1 where coal lies open in the pit. */
  readonly coal: Float64Array;
  /** First year that finds the pixel bare, 9999 for never. */
  readonly opened: Int16Array;
  /** First year that finds the pixel seeded, 9999 for never. */
  readonly seeded: Int16Array;
  /** How well the seeded ground greens: FVC before a zone's level is set. */
  readonly quality: Float64Array;
  /** Pace of the change after 2021: mean about 1, negative where the cover declines. */
  readonly vigour: Float64Array;
  /** Distance from the edge of each mine zone in pixels, negative inside; one array per mine. */
  readonly distance: readonly Float64Array[];
}

/** Stands for a year that never comes. */
export const NEVER = 9999;

type Line = readonly (readonly [x: number, y: number])[];

const RIVER: Line = [
  [270, 30],
  [222, 40],
  [196, 60],
  [158, 66],
  [143, 92],
  [141, 128],
  [137, 160],
  [142, 182],
  [124, 202],
  [70, 209],
  [-10, 203],
];
const ROADS: readonly Line[] = [
  [
    [112, 104],
    [121, 144],
    [122, 230],
  ],
  [
    [121, 144],
    [147, 134],
    [168, 119],
  ],
  [
    [121, 144],
    [96, 158],
  ],
];
const YARD = { x: 121, y: 145, halfWidth: 5, halfHeight: 3.5 };
const ROCKS = [
  { x: 234, y: 20, radius: 19 },
  { x: 24, y: 178, radius: 14 },
];

function distanceToLine(line: Line, x: number, y: number): number {
  let nearest = Infinity;
  for (let k = 1; k < line.length; k++) {
    const [x0, y0] = line[k - 1]!;
    const [x1, y1] = line[k]!;
    const dx = x1 - x0;
    const dy = y1 - y0;
    const t = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
    nearest = Math.min(nearest, (x - x0 - t * dx) ** 2 + (y - y0 - t * dy) ** 2);
  }
  return Math.sqrt(nearest);
}

/** Where in the order of opening a point stands: the pit grows along its long axis, the dump from its middle. */
function openingOrder(mine: Mine, x: number, y: number): number {
  const [along, across] = toFrame(mine.inner, x, y);
  const ragged = 0.13 * fractalNoise(SEED + 11, x, y, 14, 3);
  const edge = smoothStep(0.9, 1, relativeRadius(mine.inner, x, y));
  if (mine.id === 'dump-2') return relativeRadius(mine.inner, x, y) + ragged;
  const start = mine.id === 'pit-4' ? along : -along;
  return start + 0.25 * across * across + ragged + 1.5 * edge;
}

/** Where in the order of seeding a point stands: slopes and outer dumps first, the deepest floor last. */
function seedingOrder(mine: Mine, x: number, y: number): number {
  return 0.8 * fractalNoise(SEED + 12, x, y, 18, 2) - 1.5 * relativeRadius(mine.inner, x, y);
}

/** How a mine's points rank by an order, so that a stage covers the share of the zone that the story gives it. */
function rankWithin(
  mine: Mine,
  order: (mine: Mine, x: number, y: number) => number,
  among: (x: number, y: number) => boolean,
) {
  const values: number[] = [];
  const { inner } = mine;
  const reach = 1.4 * inner.a;
  for (let y = Math.floor(inner.y - reach) + 0.5; y < inner.y + reach; y++) {
    for (let x = Math.floor(inner.x - reach) + 0.5; x < inner.x + reach; x++) {
      if (relativeRadius(inner, x, y) < 1 && among(x, y)) values.push(order(mine, x, y));
    }
  }
  const sorted = Float64Array.from(values).sort();
  return (x: number, y: number): number => {
    const value = order(mine, x, y);
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low / sorted.length;
  };
}

function yearOf(stages: readonly Stage[], share: number): number {
  return stages.find(([upTo]) => share < upTo || upTo === 1)?.[1] ?? NEVER;
}

/** The years of opening and seeding as functions of place, per mine. */
const WORKS = MINES.map((mine) => {
  const openingRank = rankWithin(mine, openingOrder, () => true);
  const openedIn = (x: number, y: number) => yearOf(OPENING[mine.id], openingRank(x, y));
  const seedingRank = rankWithin(mine, seedingOrder, (x, y) => openedIn(x, y) !== NEVER);
  const seededIn = (x: number, y: number) => yearOf(RESTORATION[mine.id], seedingRank(x, y));
  return { openedIn, seededIn };
});

/** How well a point of a mine zone greens once it is seeded, before the level of its zone is set. */
function qualityAt(mine: Mine, x: number, y: number): number {
  const rho = relativeRadius(mine.inner, x, y);
  const [along, across] = toFrame(mine.inner, x, y);
  if (mine.id === 'dump-2') {
    // Terraces: the treads hold more water than the risers.
    const terrace = Math.sin(2 * Math.PI * 5 * rho + 0.6 * fractalNoise(SEED + 21, x, y, 10, 2));
    return 0.5 + 0.035 * terrace + 0.03 * fractalNoise(SEED + 22, x, y, 8, 3);
  }
  // The steep wall under the northern rim stays thin.
  const wall =
    smoothStep(0.62, 0.74, rho) * (1 - smoothStep(0.9, 0.98, rho)) * smoothStep(0.05, 0.4, -across + 0.25 * along);
  const thin = mine.id === 'pit-4' ? 0.36 : 0.4;
  return 0.84 - thin * wall + 0.045 * fractalNoise(SEED + 23, x, y, 12, 4);
}

/** Computes the static layers of a frame. */
export function buildSite(frame: Frame): Site {
  const n = frame.width * frame.height;
  const layer = () => new Float64Array(n);
  const site = {
    frame,
    zone: new Int8Array(n),
    meadow: layer(),
    natural: layer(),
    water: layer(),
    road: layer(),
    relief: layer(),
    coal: layer(),
    opened: new Int16Array(n).fill(NEVER),
    seeded: new Int16Array(n).fill(NEVER),
    quality: layer(),
    vigour: layer(),
    distance: MINES.map(layer),
  };
  for (let i = 0; i < n; i++) {
    const x = frame.x + (i % frame.width) + 0.5;
    const y = frame.y + Math.floor(i / frame.width) + 0.5;
    const zone = zoneAt(x, y);
    site.zone[i] = zone;
    MINES.forEach((mine, k) => {
      site.distance[k]![i] = distanceFromEdge(mine.inner, x, y);
    });
    paintNature(site, i, x, y);
    const mine = MINES[zone];
    if (mine === undefined) continue;
    const { openedIn, seededIn } = WORKS[zone]!;
    site.opened[i] = openedIn(x, y);
    if (site.opened[i] === NEVER) continue;
    site.seeded[i] = seededIn(x, y);
    site.quality[i] = qualityAt(mine, x, y);
    site.vigour[i] = 1 + 0.95 * fractalNoise(SEED + 31, x, y, 16, 3);
    if (mine.id !== 'dump-2') {
      const depth = 1 - relativeRadius(mine.inner, x, y);
      site.coal[i] = smoothStep(0.35, 0.6, depth + 0.09 * fractalNoise(SEED + 32, x, y, 9, 3));
    }
  }
  return site;
}

type Writable = { -readonly [K in keyof Site]: Site[K] };

function paintNature(site: Writable, i: number, x: number, y: number): void {
  const height = (px: number, py: number) => fractalNoise(SEED + 1, px, py, 70, 5);
  const slope = height(x + 1, y + 1) - height(x - 1, y - 1);
  site.relief[i] = 1 + Math.min(0.16, Math.max(-0.16, 0.5 * slope));

  // The river wanders about its line; gravel bars beside one or two channels.
  const wx = x + 4 * fractalNoise(SEED + 2, x, y, 26, 3);
  const wy = y + 4 * fractalNoise(SEED + 3, x, y, 26, 3);
  const toRiver = distanceToLine(RIVER, wx, wy);
  const halfWidth = 3.6 + 0.9 * fractalNoise(SEED + 4, x, y, 20, 2);
  const gravel = 1 - smoothStep(halfWidth - 0.8, halfWidth + 0.8, toRiver);
  const braid = Math.abs(toRiver - 1.3 - 1.1 * fractalNoise(SEED + 5, x, y, 12, 2));
  const water = gravel * (1 - smoothStep(0.5, 0.9, braid));

  let rock = 0;
  for (const { x: rx, y: ry, radius } of ROCKS) {
    const d = Math.sqrt((x - rx) ** 2 + (y - ry) ** 2) + 3.5 * fractalNoise(SEED + 6, x, y, 14, 4);
    rock = Math.max(rock, 1 - smoothStep(radius - 3, radius + 3, d));
  }

  const road = Math.max(
    ...ROADS.map((line) => 1 - smoothStep(0.3, 1.3, distanceToLine(line, x + 0.15 * (wx - x), y + 0.15 * (wy - y)))),
    Math.abs(x - YARD.x) < YARD.halfWidth && Math.abs(y - YARD.y) < YARD.halfHeight ? 1 : 0,
  );

  const wetland = 0.29 * (1 - smoothStep(5, 21, toRiver));
  const grass =
    0.8 + 0.075 * fractalNoise(SEED + 7, x, y, 42, 4) + 0.035 * fractalNoise(SEED + 8, x, y, 4, 2) + wetland;
  const stones = Math.max(gravel, rock);
  const bare = -0.02 + 0.03 * fractalNoise(SEED + 9, x, y, 5, 2);
  site.meadow[i] = Math.max(0.45, grass) * (1 - stones) + bare * stones - 0.3 * water;
  site.natural[i] = stones;
  site.water[i] = water;
  site.road[i] = road;
}
