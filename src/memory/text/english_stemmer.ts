/**
 * The stemmer of English by itself: most notes need no other, and the others take 20 ms to load.
 * @module
 */
export { stemmer as stemEnglish } from "@orama/stemmers/english";
