"""Domains that say nothing of a company, because anybody can have an address or a page there."""


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


MAIL = _names(
    """
    gmail.com googlemail.com hotmail.com hotmail.es hotmail.com.mx hotmail.com.ar hotmail.fr hotmail.it hotmail.co.uk
    outlook.com outlook.es outlook.com.mx outlook.com.ar outlook.fr outlook.cl live.com live.com.mx live.com.ar live.cl
    live.fr msn.com passport.com windowslive.com yahoo.com yahoo.es yahoo.com.mx yahoo.com.ar yahoo.com.co yahoo.com.ve
    yahoo.com.pe yahoo.com.br yahoo.cl yahoo.fr yahoo.it yahoo.co.uk ymail.com rocketmail.com aol.com aim.com icloud.com
    me.com mac.com protonmail.com proton.me pm.me tutanota.com tutanota.de tuta.io gmx.com gmx.es gmx.net gmx.de web.de
    mail.com email.com usa.com zoho.com zohomail.com zohomail.eu fastmail.com fastmail.fm hey.com hushmail.com
    yandex.com yandex.ru mail.ru bk.ru inbox.ru list.ru qq.com 163.com 126.com foxmail.com sina.com naver.com
    rediffmail.com telefonica.net terra.es terra.com terra.com.mx terra.cl ya.com ya.es wanadoo.es orange.es movistar.es
    jazztel.es jazzfree.com ono.com onolab.com euskaltel.net euskalnet.net mundo-r.com telecable.es telepolis.com
    vodafone.es lacaixa.es correo.com tiscali.es eresmas.com eresmas.net arrakis.es teleline.es inicia.es mixmail.com
    latinmail.com prodigy.net.mx infinitum.com.mx telmex.com axtel.net megacable.com.mx cablevision.net.mx
    fibertel.com.ar speedy.com.ar ciudad.com.ar arnet.com.ar uol.com.br bol.com.br ig.com.br une.net.co etb.net.co
    cantv.net vtr.net entelchile.net sapo.pt clix.pt orange.fr free.fr laposte.net wanadoo.fr libero.it virgilio.it
    tin.it alice.it t-online.de freenet.de btinternet.com sky.com comcast.net verizon.net att.net sbcglobal.net
    bellsouth.net cox.net
    """
)
"""Providers of mail for everybody."""

PAGES = _names(
    """
    facebook.com fb.com instagram.com linkedin.com twitter.com x.com youtube.com tiktok.com pinterest.com linktr.ee
    blogspot.com wordpress.com wixsite.com wix.com weebly.com webnode.es jimdo.com jimdofree.com google.com goo.gl
    sites.google.com business.site negocio.site github.io tumblr.com medium.com etsy.com ebay.es ebay.com amazon.es
    amazon.com mercadolibre.com mercadolibre.com.mx milanuncios.com wallapop.com paginasamarillas.es tripadvisor.es
    booking.com shopify.com myshopify.com bit.ly wa.me whatsapp.com telegram.me t.me
    """
)
"""Places where many companies have a page."""

SECOND_LEVEL = _names("com co org net edu gob gov nom ac mil or ne web info es mx")
"""Parts before a country's ending under which names are given out: nobody owns com.mx."""


def is_shared(domain: str) -> bool:
    """Whether a domain belongs to everybody or to nobody."""
    labels = domain.split(".")
    if len(labels) < 2 or (len(labels) == 2 and labels[0] in SECOND_LEVEL and len(labels[1]) == 2):
        return True
    return any(".".join(labels[at:]) in MAIL or ".".join(labels[at:]) in PAGES for at in range(len(labels) - 1))


def parents(domain: str) -> list[str]:
    """The domain and those above it that a company may own: mail.ruiz.es, ruiz.es. Empty for a shared one."""
    labels = domain.lower().strip(".").split(".")
    if is_shared(".".join(labels)):
        return []
    found = [".".join(labels[at:]) for at in range(len(labels) - 1)]
    return [each for each in found if not is_shared(each)]
