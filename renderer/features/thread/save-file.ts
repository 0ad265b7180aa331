/** Hands text or bytes to the person as a file: the browser's download, which the desktop turns into a save dialog. */
export function saveFile(name: string, mediaType: string, content: BlobPart): void {
  const address = URL.createObjectURL(new Blob([content], { type: mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download reads the blob after this turn; a minute is ample for a file that is in memory already.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
