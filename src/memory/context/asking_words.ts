/**
 * What one says to an assistant, whatever it is about: such words find notes by chance.
 *
 * A search may look for them; here they do not count when it is decided whether a note has to do with a
 * question.
 * @module
 */

/** Folded; in the languages in which people wrote to test it. */
const WORDS = new Set(
  ("anything everything something nothing thing things note notes remember recall remind reminds know " +
    "knows known knew tell tells told say says said show shows find look give make made write please " +
    "thanks thank hello hi hey ok okay yes want need help explain mean think go get let good great nice " +
    "today now again again really much many lot " +
    "weisst wissen weiss kennst sag sage sagen sagte zeig zeige erinnere erinnerst hilf hilfe bitte danke " +
    "hallo notiz notizen gib erklare erzahl erzahle " +
    "sais savoir dis dire dit montre rappelle souviens aide merci bonjour salut note notes explique " +
    "sabes saber di decir dime dijo muestra recuerda recuerdas ayuda gracias hola nota notas explica " +
    "sai sapere dimmi detto mostra ricorda ricordi aiuto grazie ciao spiega " +
    "sabe diga disse mostre lembra lembre ajuda obrigado obrigada ola").split(" "),
);

/** Whether a word says only that something is asked. @param word folded */
export function isAskingWord(word: string): boolean {
  return WORDS.has(word);
}
