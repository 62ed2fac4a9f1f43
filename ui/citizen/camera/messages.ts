/** Page → decoder: one picture to look at. */
export interface ToWorker {
  readonly picture: ImageBitmap;
}

/** Decoder → page: looked at the picture, and perhaps read a code; or it cannot start. */
export type FromWorker =
  | { readonly type: 'looked'; readonly text?: string; readonly aim?: string }
  | { readonly type: 'broken' };
