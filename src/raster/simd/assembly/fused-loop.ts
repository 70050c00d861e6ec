/**
 * The loop for blocks of many short matches between few literals: it takes both alike, as no processor can predict which
 * comes next (differences of 16-bit reflectance: 1.4 to 1.6 times as fast as symbol by symbol).
 *
 * What decides over the time of one stream is the way from one look-up to the next: shift, mask, load, twice a step. All
 * else waits for it. So two streams are taken in turns, step by step: one is worked on while the other waits (1.35 times as
 * fast again). The step stands here three times, as a function could not hand back all that it changes.
 * @module
 */
import { KIND, NEARS, STEPS } from './fused';
import { DISTANCE_BITS, LITERAL_BITS } from './huffman';
import { Stream } from './stream';

/** Of a step, rounded up to powers of two: it puts out two literals and a match of 15 bytes, and takes 33 bits. */
const STEP_OUT: usize = 5;
const STEP_IN: usize = 3;

/** The tables of either stream, at places that are known to the loops. */
const firstSteps = memory.data(STEPS, 64);
const firstNears = memory.data(NEARS, 64);
const secondSteps = memory.data(STEPS, 64);
const secondNears = memory.data(NEARS, 64);

export function giveTables(first: Stream, second: Stream): void {
  first.steps = firstSteps;
  first.nears = firstNears;
  second.steps = secondSteps;
  second.nears = secondNears;
}

/** Steps that cannot leave the bounds, from these places. */
function safeSteps(s: Stream, to: usize, at: usize): isize {
  return min(<isize>(s.outEnd - to) >> STEP_OUT, <isize>(s.inEnd - at) >> STEP_IN);
}

/*
 * In the loops below, `b` holds the bits that come next two places to the left: its lowest bits are an entry's place in
 * its table then, in bytes. `c` is 61 less the bits that are held, and above its lowest 6 bits stands anything.
 */

function firstBits(s: Stream): u64 {
  return (s.bits << 2) | (load<u64>(s.from) << (s.held + 2));
}

function behindFirstBits(s: Stream): usize {
  return s.from + <usize>((61 - s.held) >> 3);
}

/** The bits that lead to an entry of a table of steps, and of distances. */
const STEP_PLACE: u32 = ((1 << LITERAL_BITS) - 1) << 2;
const NEAR_PLACE: u32 = ((1 << DISTANCE_BITS) - 1) << 2;

function literalsOf(step: u32): usize {
  return (step >> 13) & 3;
}

function lengthOf(step: u32): usize {
  return (step >> 6) & 15;
}

function distanceOf(b: u64, near: u32): usize {
  return (near >> 16) + <u32>(rotr<u64>(b >> 2, near) >> (near >> 9));
}

/** Whether a step is not for these loops: it is odd, or its string begins before the output. */
function isOdd(near: u32, source: usize, start: usize): bool {
  return <i32>((source - start) | near) < 0;
}

/** Says where a stream goes on: so many bits before its last look-up's bits were taken. */
function leave(s: Stream, at: usize, c: u64, to: usize, back: u64): void {
  s.goBack(at, 61 - (c & 63), back);
  s.to = to;
}

/** Where only one stream goes on, the loop looks into the tables of the first one. */
export function moveTables(s: Stream): void {
  if (s.steps == firstSteps) return;
  memory.copy(firstSteps, s.steps, STEPS);
  memory.copy(firstNears, s.nears, NEARS);
  s.steps = firstSteps;
  s.nears = firstNears;
}

/**
 * Literals and short matches of one stream, up to an odd symbol or near the end of the data. A vector is copied whether
 * there is a match or not.
 */
export function inflateOne(s: Stream): void {
  s.giveBack();
  let b = firstBits(s);
  let at = behindFirstBits(s);
  let c: u64 = (61 - s.held) & 7;
  let to = s.to;
  const start = s.start;
  while (true) {
    let left = safeSteps(s, to, at);
    if (left <= 0) break;
    for (; left > 0; left--) {
      const step = load<u32>(<u32>b & STEP_PLACE, firstSteps);
      b >>= step;
      c += step;
      const near = load<u32>((<u32>b & NEAR_PLACE) | (step & KIND), firstNears);
      // Behind the look-up, which takes longer. At least 32 bits are left by a step, enough for the next two look-ups.
      b |= load<u64>(at) << ~c;
      at += <usize>(c >> 3) & 7;
      c &= 7;
      const behind = to + literalsOf(step);
      const source = behind - distanceOf(b, near);
      if (isOdd(near, source, start)) {
        leave(s, at, c, to, step & 63);
        return;
      }
      store<u16>(to, <u16>(step >> 16));
      v128.store(behind, v128.load(source));
      b >>= near;
      c += near;
      to = behind + lengthOf(step);
    }
  }
  leave(s, at, c, to, 0);
}

/** What {@link inflateTwo} returns: which stream cannot go on here. */
export const FIRST: u32 = 1;
export const SECOND: u32 = 2;

/** The same of two streams, up to where one of them, or both, cannot go on. */
export function inflateTwo(first: Stream, second: Stream): u32 {
  first.giveBack();
  let b1 = firstBits(first);
  let at1 = behindFirstBits(first);
  let c1: u64 = (61 - first.held) & 7;
  let to1 = first.to;
  const start1 = first.start;
  second.giveBack();
  let b2 = firstBits(second);
  let at2 = behindFirstBits(second);
  let c2: u64 = (61 - second.held) & 7;
  let to2 = second.to;
  const start2 = second.start;
  let left1 = safeSteps(first, to1, at1);
  let left2 = safeSteps(second, to2, at2);
  while (left1 > 0 && left2 > 0) {
    for (let left = min(left1, left2); left > 0; left--) {
      const step1 = load<u32>(<u32>b1 & STEP_PLACE, firstSteps);
      b1 >>= step1;
      c1 += step1;
      const near1 = load<u32>((<u32>b1 & NEAR_PLACE) | (step1 & KIND), firstNears);
      b1 |= load<u64>(at1) << ~c1;
      at1 += <usize>(c1 >> 3) & 7;
      c1 &= 7;
      const behind1 = to1 + literalsOf(step1);
      const source1 = behind1 - distanceOf(b1, near1);
      if (isOdd(near1, source1, start1)) {
        leave(second, at2, c2, to2, 0);
        leave(first, at1, c1, to1, step1 & 63);
        return FIRST;
      }
      store<u16>(to1, <u16>(step1 >> 16));
      v128.store(behind1, v128.load(source1));
      b1 >>= near1;
      c1 += near1;
      to1 = behind1 + lengthOf(step1);

      const step2 = load<u32>(<u32>b2 & STEP_PLACE, secondSteps);
      b2 >>= step2;
      c2 += step2;
      const near2 = load<u32>((<u32>b2 & NEAR_PLACE) | (step2 & KIND), secondNears);
      b2 |= load<u64>(at2) << ~c2;
      at2 += <usize>(c2 >> 3) & 7;
      c2 &= 7;
      const behind2 = to2 + literalsOf(step2);
      const source2 = behind2 - distanceOf(b2, near2);
      if (isOdd(near2, source2, start2)) {
        leave(first, at1, c1, to1, 0);
        leave(second, at2, c2, to2, step2 & 63);
        return SECOND;
      }
      store<u16>(to2, <u16>(step2 >> 16));
      v128.store(behind2, v128.load(source2));
      b2 >>= near2;
      c2 += near2;
      to2 = behind2 + lengthOf(step2);
    }
    left1 = safeSteps(first, to1, at1);
    left2 = safeSteps(second, to2, at2);
  }
  leave(first, at1, c1, to1, 0);
  leave(second, at2, c2, to2, 0);
  return (left1 > 0 ? 0 : FIRST) | (left2 > 0 ? 0 : SECOND);
}
