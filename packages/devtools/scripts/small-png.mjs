import { crc32, deflateSync, inflateSync } from 'node:zlib'

/** Colours in a palette. */
const COLOURS = 256

/**
 * A screenshot with a palette: a quarter of the size, and the same to the eye where there is text on plain ground. Takes what Chromium writes: 8 bits a channel, not interlaced.
 */
export function smallPng(png) {
  const { width, height, pixels } = decode(png)
  const counts = new Map()
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
  const palette = paletteOf(counts)
  const nearest = new Map(palette.map((colour, i) => [colour, i]))
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = pixels[y * width + x]
      if (!nearest.has(pixel)) nearest.set(pixel, closest(palette, pixel))
      rows[y * (width + 1) + 1 + x] = nearest.get(pixel)
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits a pixel, by palette.
  header.set([8, 3], 8)
  const colours = Buffer.from(palette.flatMap((colour) => channels(colour)))
  const data = deflateSync(rows, { level: 9, memLevel: 9 })
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

const channels = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]

/** The most frequent colours, none of them very like another. */
function paletteOf(counts) {
  const byCount = [...counts].toSorted((a, b) => b[1] - a[1]).map(([colour]) => colour)
  for (let apart = 8; ; apart += 4) {
    const palette = []
    for (const colour of byCount) {
      if (palette.length > COLOURS) break
      if (palette.every((other) => distance(colour, other) >= apart * apart)) palette.push(colour)
    }
    if (palette.length <= COLOURS) return palette
  }
}

function closest(palette, colour) {
  let best = 0
  for (let i = 1; i < palette.length; i++) if (distance(palette[i], colour) < distance(palette[best], colour)) best = i
  return best
}

function distance(a, b) {
  const [x, y] = [channels(a), channels(b)]
  return (x[0] - y[0]) ** 2 + (x[1] - y[1]) ** 2 + (x[2] - y[2]) ** 2
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

function decode(png) {
  const parts = []
  let [width, height, size] = [0, 0, 0]
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const type = png.toString('latin1', at + 4, at + 8)
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at))
    if (type === 'IHDR') {
      ;[width, height, size] = [data.readUInt32BE(0), data.readUInt32BE(4), { 2: 3, 6: 4 }[data[9]] ?? 0]
      if (data[8] !== 8 || size === 0 || data[12] !== 0) throw new Error('not a PNG as Chromium writes them')
    } else if (type === 'IDAT') parts.push(data)
  }
  const raw = inflateSync(Buffer.concat(parts))
  const stride = width * size
  const bytes = Buffer.alloc(stride * height)
  const pixels = new Uint32Array(width * height)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]
    for (let x = 0; x < stride; x++) {
      const here = y * stride + x
      const left = x < size ? 0 : bytes[here - size]
      const up = y === 0 ? 0 : bytes[here - stride]
      const corner = x < size || y === 0 ? 0 : bytes[here - stride - size]
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]
      bytes[here] = raw[y * (stride + 1) + 1 + x] + guess
    }
    for (let x = 0; x < width; x++) {
      const at = y * stride + x * size
      pixels[y * width + x] = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2]
    }
  }
  return { width, height, pixels }
}

function paeth(left, up, corner) {
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}
