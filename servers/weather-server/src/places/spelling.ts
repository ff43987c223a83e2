/** Letters that are no base letter with a mark, and how they are written without. */
const PLAIN: Readonly<Record<string, string>> = {
  ß: "ss",
  ø: "o",
  æ: "ae",
  œ: "oe",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
};

/** How names are compared: no marks, no case, words parted by one space. */
export function normalize(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[ßøæœłđðþı]/g, (letter) => PLAIN[letter] ?? letter)
    .replaceAll(/\bst\.?(?=\s)/g, "saint")
    .replaceAll(/['’.]/g, "")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** The language to ask in, by the script of the text: names come back in it, and can be compared. */
export function languageOf(text: string): string {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return "ja";
  if (/\p{Script=Hangul}/u.test(text)) return "ko";
  if (/\p{Script=Han}/u.test(text)) return "zh";
  if (/\p{Script=Cyrillic}/u.test(text)) return "ru";
  if (/\p{Script=Arabic}/u.test(text)) return "ar";
  if (/\p{Script=Greek}/u.test(text)) return "el";
  if (/\p{Script=Hebrew}/u.test(text)) return "he";
  if (/\p{Script=Thai}/u.test(text)) return "th";
  if (/\p{Script=Devanagari}/u.test(text)) return "hi";
  return "en";
}

/** 北京 and 北京市, 서울 and 서울특별시: the word for "city" is left out as often as not. */
const CITY_ENDING = /(市|県|县|區|区|특별시|광역시|시)$/u;

export const sameName = (a: string, b: string): boolean => {
  const [left, right] = [normalize(a), normalize(b)];
  return left === right || left.replace(CITY_ENDING, "") === right.replace(CITY_ENDING, "");
};
