import { describe, expect, it } from 'vitest';
import type { MaskRule } from '../../src/scenes/scene.ts';
import { maskMeaning } from '../../src/pipeline/mask-meaning.ts';

describe('maskMeaning', () => {
  const bits: MaskRule = { kind: 'bits', bits: [0, 1, 2, 3, 4, 5] };

  it('names the bits of Landsat and HLS that a mask looks at and that are set', () => {
    // 22280 = 0b101011100001000: bit 3 cloud; bits 8 and up are confidences.
    expect(maskMeaning('landsat-c2l2', bits, [22280])).toBe('cloud');
    expect(maskMeaning('landsat-c2l2', bits, [21824])).toBe('clear');
    expect(maskMeaning('landsat-c2l2', bits, [1 + 16 + 32])).toBe('fill, cloud shadow, snow');
    expect(maskMeaning('hls-v2', { kind: 'bits', bits: [1, 2, 3, 4] }, [0b1_1110])).toBe(
      'cloud, adjacent to cloud or shadow, cloud shadow, snow or ice',
    );
    expect(maskMeaning('yaml', bits, [5])).toBe('bit 0, bit 2');
  });

  it('names classes of Sentinel-2, also from their colours', () => {
    const drop: MaskRule = { kind: 'drop', values: [9] };
    expect(maskMeaning('sentinel-2-l2a', drop, [9])).toBe('cloud, high probability');
    expect(maskMeaning('sentinel-2-l2a', drop, [77])).toBe('class 77');
    expect(maskMeaning('yaml', drop, [9])).toBe('value 9');
    const picture = { kind: 'scl-picture' } as const;
    expect(maskMeaning('copernicus-browser', picture, [65535, 59111, 23130])).toBe('not vegetated');
    expect(maskMeaning('copernicus-browser', picture, [255, 150, 255])).toBe('snow or ice');
    expect(maskMeaning('copernicus-browser', picture, [0, 0, 0])).toBe('no data');
  });

  it('says where the mask does not reach', () => {
    expect(maskMeaning('sentinel-2-l2a', { kind: 'drop', values: [9] }, [-1])).toBe('beyond the file');
    expect(maskMeaning('yaml', bits, [NaN])).toBe('beyond the file');
  });
});
