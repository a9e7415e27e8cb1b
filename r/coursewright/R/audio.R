#' A sound that plays where it stands
#'
#' In a notebook with an R kernel and in R Markdown a player is shown that carries the sound in itself; a script saves
#' it. Several may stand on one page.
#'
#' @param x A file (WAV, MP3, OGG or FLAC), or samples from -1 to 1: a vector, or a matrix with a column for each channel.
#' @param rate Of samples: how many there are in a second.
#' @param alt What is heard, in words, for those who do not hear it, and the name of the player; without it, the caption
#'   or the beginning of the transcript. One of them has to be there.
#' @param transcript What is said in it, shown below the player on demand.
#' @param caption A line below the player.
#' @return A sound, which shows itself and can be saved: [save_as()].
#' @examples
#' tone <- audio(sin(2 * pi * 440 * seq(0, 0.5, by = 1 / 8000)), rate = 8000, alt = "An A for half a second")
#' format(tone)
#' @export
audio <- function(x, rate = NULL, alt = NULL, transcript = NULL, caption = "") {
  if (is.character(x)) {
    if (!is_text(x)) stopped("a sound is named by one file", "audio(\"bell.wav\")", "audio")
    if (!is.null(rate)) stopped("a file has a rate of its own", "leave out rate", "audio, rate")
    sound <- read_sound(x)
  } else {
    sound <- list(type = "audio/wav", data = wav(x, rate))
  }
  alt <- alt %or% words(caption, transcript)
  if (is.null(alt)) stopped("this sound has no alternative text", "say what is heard: audio(x, alt = \"A blackbird sings\")", "audio, alt")
  media("audio", sound$type, sound$data, alt, caption, transcript = transcript)
}

# What is heard, from other words about it.
words <- function(caption, transcript) {
  said <- c(caption, transcript)
  said <- said[nzchar(trimws(said))]
  if (length(said)) strtrim(gsub("\\s+", " ", said[[1L]]), 120L)
}

# A file as a sound, if its first bytes are those of one: its name may say anything.
read_sound <- function(file) {
  path <- path.expand(file)
  if (!file.exists(path) || dir.exists(path)) {
    near <- agrep(basename(path), list.files(dirname(path)), value = TRUE)
    stopped(sprintf("no file \"%s\"", file), if (length(near)) sprintf("did you mean \"%s\"?", near[[1L]]) else "", "audio")
  }
  data <- readBin(path, "raw", file.size(path))
  type <- sound_type(data)
  if (is.null(type)) stopped(sprintf("\"%s\" is no sound that browsers play", file), "make it WAV, MP3, OGG or FLAC", "audio")
  list(type = type, data = data)
}

sound_type <- function(data) {
  begins <- function(text, at = 1L) identical(data[seq(at, length.out = nchar(text))], charToRaw(text))
  if (length(data) < 12L) return(NULL)
  if (begins("RIFF") && begins("WAVE", 9L)) return("audio/wav")
  if (begins("OggS")) return("audio/ogg")
  if (begins("fLaC")) return("audio/flac")
  mp3 <- begins("ID3") || data[[1L]] == as.raw(255L) && (data[[2L]] & as.raw(0xE6)) %in% as.raw(c(0xE2, 0xE4, 0xE6))
  if (mp3) "audio/mpeg"
}

# Samples as WAV: 16 bits each, the channels in turn.
wav <- function(samples, rate) {
  if (is.null(rate)) stopped("samples have a rate", "audio(samples, rate = 44100)", "audio, rate")
  right <- is.numeric(rate) && length(rate) == 1L && is.finite(rate) && rate >= 1000 && rate <= 192000 && rate == round(rate)
  if (!right) stopped(sprintf("no sound has %s samples a second", paste(rate, collapse = ", ")), "1000 to 192000; 44100 is usual", "audio, rate")
  wrong <- !is.numeric(samples) || !length(samples) || any(!is.finite(samples)) || any(abs(samples) > 1)
  if (wrong) stopped("samples are numbers from -1 to 1", "divide by the largest: samples / max(abs(samples))", "audio")
  channels <- NCOL(samples)
  if (channels > 2L) stopped(sprintf("samples have %d channels", channels), "give a column for each of one or two", "audio")
  values <- as.integer(round(32767 * as.vector(t(as.matrix(samples)))))
  size <- 2L * length(values)
  number <- function(x, size = 4L) writeBin(as.integer(x), raw(), size = size, endian = "little")
  c(
    charToRaw("RIFF"), number(36L + size), charToRaw("WAVEfmt "), number(16L), number(1L, 2L), number(channels, 2L),
    number(rate), number(rate * channels * 2L), number(channels * 2L, 2L), number(16L, 2L),
    charToRaw("data"), number(size), writeBin(values, raw(), size = 2L, endian = "little")
  )
}
