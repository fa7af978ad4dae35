// The links to the sections of a page. They leave the address as it is, because it may carry a digit.

/** Bring `.lens-nav` to life, where a page has one. */
export function startSections() {
  const nav = document.querySelector('.lens-nav');
  if (!nav) return;
  const links = new Map([...nav.querySelectorAll('a')].map((link) => [document.getElementById(link.hash.slice(1)), link]));
  for (const [section, link] of links) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      section.scrollIntoView();
      section.focus({ preventScroll: true });
    });
  }
  const inSight = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) inSight[isIntersecting ? 'add' : 'delete'](target);
    const current = [...links.keys()].find((section) => inSight.has(section));
    for (const [section, link] of links) {
      if (section === current) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  }, { rootMargin: '-20% 0px -60% 0px' });
  for (const section of links.keys()) observer.observe(section);
}
