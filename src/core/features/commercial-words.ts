/**
 * Words of trades that advertise in comments: in an author's name, a host or a path they speak of a shop and not of a
 * reader. Whole words in a name; in a host any place, so only long and unmistakable ones.
 */
import { splitWords } from '../text/words.ts';

const NAMES = new Set(
  `seo backlink backlinks casino casinos slot slots poker bet betting bets gambling jackpot bonus loan loans lender lenders
  credit mortgage payday cash money finance financial insurance invest investment investing forex trading trader crypto
  bitcoin btc usdt airdrop wallet recovery hacker hackers spy pharmacy pills viagra cialis levitra kamagra tramadol xanax
  weight diet keto cbd hemp vape supplement supplements detox escort escorts dating singles porn xxx sex webcam massage
  replica replicas outlet handbags sneakers jerseys cheap discount discounts coupon coupons promo deals sale buy order price
  best top online free download apk mod cheats hack crack keygen streaming iptv essay essays assignment dissertation thesis
  writing homework service services company agency agencies solutions consulting consultant marketing digital hosting
  website websites web design designer software app apps development developer repair repairs plumbing plumber plumbers
  roofing cleaning cleaners movers moving removal removals taxi limo rental rentals hire tour tours travel hotel hotels flights
  lawyer lawyers attorney attorneys dental dentist clinic surgery implants doctor spell caster psychic love healer astrologer
  vashikaran mobile recharge printer support helpline number near blog review reviews shop store supplier suppliers
  manufacturer manufacturers wholesale furniture flooring windows doors solar security training course courses certification
  kredit kredite versicherung günstig kaufen schlüsseldienst umzug reinigung pret prêt voyance rachat serrurier plombier
  prestamo préstamo prestamos préstamos comprar barato barata empréstimo emprestimo prestito scommesse pożyczka pozyczka
  kredyt chwilówki meble ремонт купить заказать казино ставки кредит займ займы займа продажа услуги доставка цена
  недорого бахис bahis kaçak nakliyat kredi escort satın lening goedkoop 娱乐 娱乐城 博彩 赌场 贷款 カジノ 카지노 토토 먹튀 바카라
  قروض تمويل شركة تنظيف نقل judi togel gacor situs agen bandar`.split(/\s+/),
);
const WITHIN = [
  ...`casino poker betting gambl slots jackpot loans payday lending mortgage insur invest forex trading crypto bitcoin
  pharma viagra cialis levitra pills medic tablets weightloss escort dating porn sexy xxx massage replica outlet cheap
  discount coupon promo deals essay assignment dissertation thesis-writ seo- -seo backlink marketing hosting webdesign
  plumb roofing cleaning movers removals lawyer attorney dental clinic spell psychic astrolog apkmod modapk iptv download
  judi togel gacor bahis kredit kredyt credit- zaim kazino stavki bonus nhacai hacker recovery buy- -buy best- -best
  shop store supplier essay papers viag ciali tadalafil sildenafil fildena amoxic azithro tramadol goose займ кредит казино
  ставки купить profit earn- -earn income easymoney makemoney btc adult sexy girls sportsbet -bet sports-bet bet24 seo. seoexp seoag
  slimming fatburn diet- -diet followers likes wholesale furniture handbag sneaker jersey watches vape hemp keto`.split(
    /\s+/,
  ),
];

/** One expression: a hundred searches for each link took a third of the time of a short comment. */
const ANY_WITHIN = new RegExp(WITHIN.map((word) => word.replaceAll('.', '\\.')).join('|'));

/** How many words of a name are commercial. */
export function countCommercialWords(name: string): number {
  return splitWords(name).filter((word) => NAMES.has(word)).length;
}

/** Whether a host or a path holds an unmistakable one. */
export function holdsCommercialWord(address: string): boolean {
  return ANY_WITHIN.test(address);
}
