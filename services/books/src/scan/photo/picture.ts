/** Decoded pixels: 8 bits each for red, green and blue, row after row, without gaps. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

/** A photo ready to be read: turned upright and no larger than is useful. */
export interface Photo {
  readonly picture: Picture
  /** Size of the photo as seen upright, in its own pixels. */
  readonly width: number
  readonly height: number
  /** Pixels of the photo for one of the picture. */
  readonly scale: number
}
