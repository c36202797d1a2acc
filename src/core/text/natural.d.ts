/** The one file of natural that the filter uses, imported by path: its index loads databases and ./.env. */
declare module 'natural/lib/natural/stemmers/porter_stemmer.js' {
  const stemmer: { stem(word: string): string };
  export default stemmer;
}
