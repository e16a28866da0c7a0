"""Decides whether a text is in a language that nobody here writes; its reader gets the nearest of ours.

By script where that tells, else by the small words that hold a sentence together. A
name, a brand or a borrowed word alone is no other language.
"""

from __future__ import annotations

import re
import unicodedata

from knowledge_base.languages import Language, has_han

_WORD = re.compile(r"[^\W\d_]+")
_HIRAGANA = re.compile(r"[\u3041-\u3096]")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
#: so many words, or letters of another script, show a language
ENOUGH = 2
_HALF = 0.5
#: said alone they are enough; none is an English word or a syllable of pinyin
_TELLING = """
    bonjour merci commande colis livraison remboursement quand comment pourquoi avec vous
    votre où été reçu voudrais retourner suis s'il plaît salut bonsoir
    hola gracias pedido reembolso envío devolver quiero dónde donde está cuándo cuando cómo
    qué quién por favor usted necesito paquete llegado tengo todavía
    danke bitte bestellung paket rückerstattung möchte wann ist meine mein nicht und ich
    habe haben zurückgeben lieferung warum guten
    grazie ordine rimborso dove quando voglio perché spedizione buongiorno ciao mio
    obrigado obrigada pedido reembolso onde meu minha quero você olá não encomenda
    bestelling waar mijn bedankt niet wanneer terugsturen
    dziękuję zamówienie gdzie jest moje proszę zwrot
    sipariş siparişim nerede iade teşekkür
    đơn hàng của tôi ở đâu hoàn tiền cảm ơn xin chào
    pesanan saya mana terima kasih dimana
"""
_TELLING_WORDS = frozenset(_TELLING.split())
#: they tell only beside others: English, names and pinyin have them as well
_SMALL = """
    wo de la le les un une des el los las una que est mon ma mes je ne pas pour dans sur
    der die das ein eine für mit auf il gli per non che o os um uma em het een van op mi
    su no se en es y con para sono com ja nie się na bu bir và có
"""
_SMALL_WORDS = frozenset(_SMALL.split())
_OURS = """
    a an and are can do does for from have how i if in is it me my not of on or please
    order parcel refund return that the this to was what when where which why will with
    you your
"""
_ENGLISH = frozenset(_OURS.split())


def nearest(text: str, current: Language) -> Language | None:
    """Which of our languages the writer of another one gets; None if it is one of ours."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if _is_japanese(plain):
        # Their characters are shared with Chinese; who came in English reads that.
        return current
    if _is_in_another_script(plain) or _is_in_another_tongue(plain):
        return "en"
    return None


def _is_japanese(text: str) -> bool:
    """Kana hold Japanese together; a brand in katakana or a lone の is no sentence."""
    joints = len(_HIRAGANA.findall(text.replace("の", "")))
    kana = len(_KANA.findall(text))
    return joints >= ENOUGH or (kana > ENOUGH and not has_han(text))


def _is_in_another_script(text: str) -> bool:
    letters = [each for each in text if each.isalpha()]
    strange = [each for each in letters if each >= "\u0370" and not _is_ours(each)]
    return len(strange) >= ENOUGH and len(strange) > len(letters) * _HALF


def _is_ours(letter: str) -> bool:
    # Vietnamese letters are Latin, too; ideographs and kana were looked at before.
    return has_han(letter) or bool(_KANA.match(letter)) or "\u1e00" <= letter < "\u1f00"


def _is_in_another_tongue(text: str) -> bool:
    if has_han(text):
        return False
    words = set(_WORD.findall(text))
    telling = words & _TELLING_WORDS
    beside = words & _SMALL_WORDS
    english = words & _ENGLISH
    if not telling or len(telling) + len(beside) <= len(english):
        return False
    return len(telling) + len(beside) >= ENOUGH or len(words) == 1
