/** What is wrong with a URL. The text never holds a part of it that could be a password. */
export class UrlFault extends Error {}
