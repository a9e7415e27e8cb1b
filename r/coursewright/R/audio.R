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
  if (nzchar(why <- silent(data, type))) stopped(sprintf("\"%s\" cannot be played: %s", file, why), "make it anew: it may be cut off", "audio")
  list(type = type, data = data)
}

# Why a file that begins as a sound has none, by the rules that the Python side has; "" if it has one.
silent <- function(data, type) {
  held <- switch(type,
    "audio/wav" = samples_in_wav(data),
    "audio/flac" = length(data) > 42L,
    "audio/ogg" = any(vapply(c("01766f72626973", "4f70757348656164", "7f464c4143", "5370656578202020"), within, NA, data = data)),
    "audio/mpeg" = !identical(data[1:3], charToRaw("ID3")) || frame_in(data, after_tags(data)))
  if (held) return("")
  switch(type, "audio/ogg" = "its first stream is no sound", "audio/mpeg" = "no frame of MPEG follows its tags", "it has no samples")
}

within <- function(sign, data) {
  bytes <- paste(as.character(utils::head(data, 512L)), collapse = " ")
  grepl(gsub("(..)(?=.)", "\\1 ", sign, perl = TRUE), bytes, fixed = TRUE)
}

# Whether there is a format, and then at least one sample.
samples_in_wav <- function(data) {
  at <- 12
  known <- FALSE
  while (at + 8 <= length(data)) {
    name <- rawToChar(data[at + 1:4][data[at + 1:4] != 0L])
    size <- sum(as.numeric(data[at + 5:8]) * 256^(0:3))
    known <- known || (name == "fmt " && size >= 16 && at + 24 <= length(data))
    if (name == "data") return(known && size > 0 && length(data) > at + 8)
    at <- at + 8 + size + size %% 2
  }
  FALSE
}

# Where the tags of an MP3 end. The size is written in four times seven bits.
after_tags <- function(data) {
  at <- 0
  while (length(data) >= at + 10 && identical(data[at + 1:3], charToRaw("ID3")))
    at <- at + 10 + sum(as.numeric(data[at + 7:10] & as.raw(127L)) * 128^(3:0))
  at
}

# Whether a frame of MPEG audio begins at a place, or behind zeros there.
frame_in <- function(data, at) {
  left <- utils::tail(data, -at)
  head <- utils::head(left[seq_along(left) > sum(cumprod(utils::head(left, 4096L) == as.raw(0L)))], 4L)
  if (length(head) < 4L) return(FALSE)
  bits <- as.integer(head)
  bits[[1L]] == 255L && bitwAnd(bits[[2L]], 224L) == 224L && bitwAnd(bits[[2L]], 24L) != 8L &&
    bitwAnd(bits[[2L]], 6L) != 0L && bitwAnd(bits[[3L]], 12L) != 12L && bitwAnd(bits[[3L]], 240L) != 240L
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
  if (!is.numeric(samples) || !length(samples)) stopped("these are no samples", "give numbers from -1 to 1", "audio")
  if (wrong <- sum(!is.finite(samples)))
    stopped(sprintf("%d of these samples are missing or without end", wrong), "make them silence: samples[!is.finite(samples)] <- 0", "audio")
  if (any(abs(samples) > 1)) stopped("samples are numbers from -1 to 1", "divide by the largest: samples / max(abs(samples))", "audio")
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
