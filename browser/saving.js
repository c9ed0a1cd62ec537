/** Handing bytes over as a file; what its type says decides whether anything would run it. */

const KEPT_SECONDS = 60;

/** Offer bytes under a name, and forget them once they are saved. */
export function save(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_SECONDS * 1000);
}
