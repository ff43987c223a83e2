const HIDDEN = "[secret]";

/** What secrets look like by themselves: keys of well-known services and of this gateway, and tokens. */
const BY_FORM =
  /\b(?:[spr]k-[\w-]{16,}|gh[pousr]_\w{20,}|gw_[0-9a-f]{12}_[\w-]{43}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*)/g;
/** What stands beside a word that says so. */
const BEARER = /\b(bearer|basic)(\s+)[\w.~+/=-]{8,}/gi;
const NAMED =
  /(api[_-]?key|token|secret|passw(?:or)?d|authorization|cookie)(["']?\s*[:=]\s*["']?)([^\s"',;]{4,})/gi;
/** The password in a URL. */
const IN_URL = /(:\/\/[^\s/:@]{0,100}:)[^\s/@]{1,200}(@)/g;

/**
 * A text of somebody else without what looks like a secret. What does not look like one stays: what a
 * server prints in plain words cannot be told from what it should print.
 */
export const redact = (text: string): string =>
  text
    .replaceAll(BY_FORM, HIDDEN)
    .replaceAll(BEARER, `$1$2${HIDDEN}`)
    .replaceAll(NAMED, `$1$2${HIDDEN}`)
    .replaceAll(IN_URL, `$1${HIDDEN}$2`);
