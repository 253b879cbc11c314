/** A line of text as it was recognised in a picture; it can be wrong. */
export interface RecognisedLine {
  /** As it was drawn there: not made safe to show yet. */
  readonly text: string;
  /** How sure the reader is, from 0 to 100. */
  readonly confidence: number;
}

/** Reads the text in pictures. */
export interface Recognition {
  /**
   * The lines of text in a PNG picture, in reading order.
   *
   * @throws RecognitionUnavailable, or the reason of `signal`
   */
  read(png: Uint8Array, signal: AbortSignal): Promise<readonly RecognisedLine[]>;
  close(): void;
}

/** No text can be recognised. The message says why; the hint says what a person can do. */
export class RecognitionUnavailable extends Error {
  override readonly name = 'RecognitionUnavailable';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
