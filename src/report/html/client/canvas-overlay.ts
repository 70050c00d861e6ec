/**
 * A layer of pixels on the map, drawn from bytes and a colour table.
 * @module
 */
import * as L from 'leaflet';

export interface PixelOverlay extends L.ImageOverlay {
  /** Draws pixels, row by row, in the colours of a table of 256 (little-endian RGBA). */
  draw(width: number, height: number, pixels: Uint8Array, colours: Uint32Array): void;
}

/** Leaflet makes an `img` for an image overlay; this puts a canvas in its place, which can be drawn again at once. */
export function canvasOverlay(bounds: L.LatLngBounds): PixelOverlay {
  const canvas = document.createElement('canvas');
  const Overlay = L.ImageOverlay.extend({
    _initImage(this: { _image: HTMLCanvasElement; _zoomAnimated: boolean }) {
      this._image = canvas;
      canvas.classList.add('leaflet-image-layer', 'pixels');
      if (this._zoomAnimated) canvas.classList.add('leaflet-zoom-animated');
    },
    draw(width: number, height: number, pixels: Uint8Array, colours: Uint32Array) {
      canvas.width = width;
      canvas.height = height;
      const image = new ImageData(width, height);
      const out = new Uint32Array(image.data.buffer);
      for (let i = 0; i < out.length; i++) out[i] = colours[pixels[i]!]!;
      canvas.getContext('2d')!.putImageData(image, 0, 0);
    },
  }) as unknown as new (url: string, bounds: L.LatLngBounds) => PixelOverlay;
  return new Overlay('', bounds);
}
