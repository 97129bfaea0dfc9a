/**
 * The best few of many scores, without sorting them all.
 * @module
 */

/** Keeps the `capacity` highest scores and the rows that have them: a binary heap, the lowest on top. */
export class TopRows {
  readonly #scores: Float64Array;
  readonly #rows: Int32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#scores = new Float64Array(capacity);
    this.#rows = new Int32Array(capacity);
  }

  /** What a score must exceed to get in; `-Infinity` until the heap is full. */
  get threshold(): number {
    if (this.#size < this.#scores.length) return -Infinity;
    return this.#scores[0] ?? Infinity;
  }

  /** Takes a row in, if its score is among the best. */
  offer(row: number, score: number): void {
    if (!(score > this.threshold)) return;
    if (this.#size < this.#scores.length) this.#rise(this.#size++, row, score);
    else this.#sink(row, score);
  }

  /** The rows, the best first. */
  rows(): number[] {
    const places = Array.from({ length: this.#size }, (_, place) => place);
    places.sort((a, b) => (this.#scores[b] ?? 0) - (this.#scores[a] ?? 0));
    return places.map((place) => this.#rows[place] ?? 0);
  }

  #rise(place: number, row: number, score: number): void {
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#scores[parent] ?? 0;
      if (above <= score) break;
      this.#set(place, this.#rows[parent] ?? 0, above);
      place = parent;
    }
    this.#set(place, row, score);
  }

  /** Puts a row in the place of the lowest. */
  #sink(row: number, score: number): void {
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#size) break;
      const [left = 0, right = 0] = [this.#scores[child], this.#scores[child + 1]];
      if (child + 1 < this.#size && right < left) child++;
      const below = this.#scores[child] ?? 0;
      if (below >= score) break;
      this.#set(place, this.#rows[child] ?? 0, below);
      place = child;
    }
    this.#set(place, row, score);
  }

  #set(place: number, row: number, score: number): void {
    this.#rows[place] = row;
    this.#scores[place] = score;
  }
}
