// The links to the other languages keep what stands behind the # of the address, such as a frame on the lens.

document.querySelector('[data-languages]')?.addEventListener('click', ({ target }) => {
  const link = target.closest('a');
  if (link) link.hash = location.hash;
});
