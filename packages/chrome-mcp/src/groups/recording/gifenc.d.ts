/** What is used of it; it comes without types. */
declare module 'gifenc' {
  type Palette = number[][];
  interface Encoder {
    writeFrame(
      pixels: Uint8Array,
      width: number,
      height: number,
      options: { palette: Palette; delay: number; repeat?: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  interface Gifenc {
    readonly GIFEncoder: () => Encoder;
    readonly quantize: (
      rgba: Uint8Array,
      colours: number,
      options?: { format?: 'rgb444' | 'rgb565' },
    ) => Palette;
    readonly applyPalette: (rgba: Uint8Array, palette: Palette, format?: 'rgb444' | 'rgb565') => Uint8Array;
  }
  /** As a module of CommonJS it has them here. */
  const gifenc: Gifenc;
  export default gifenc;
  export const GIFEncoder: Gifenc['GIFEncoder'] | undefined;
  export const quantize: Gifenc['quantize'];
  export const applyPalette: Gifenc['applyPalette'];
}
