samples <- sin(2 * pi * 440 * seq(0, by = 1 / 8000, length.out = 4000L)) / 2
bytes <- function(x, at, size) readBin(x$data[seq(at, length.out = size)], "integer", 1L, size = size, endian = "little")

test_that("samples are a WAV file that says its rate, channels and length", {
  tone <- audio(samples, rate = 8000, alt = "An A")
  expect_identical(tone$type, "audio/wav")
  expect_identical(c(bytes(tone, 25L, 4L), bytes(tone, 23L, 2L), bytes(tone, 35L, 2L), bytes(tone, 41L, 4L)), c(8000L, 1L, 16L, 8000L))
  expect_identical(length(tone$data), 44L + 8000L)
  expect_identical(readBin(tone$data[-(1:44)], "integer", 4000L, size = 2L, endian = "little"), as.integer(round(32767 * samples)))
  stereo <- audio(cbind(c(1, 0), c(-1, 0)), rate = 8000, alt = "Two")
  expect_identical(readBin(stereo$data[-(1:44)], "integer", 4L, size = 2L, endian = "little"), c(32767L, -32767L, 0L, 0L))
})

test_that("a player has a name, and no data become markup", {
  html <- coursewright:::html_of(audio(samples, rate = 8000, alt = "\"><script>", transcript = "a < b\n&", caption = "<b>"))
  expect_match(html, "aria-label=\"&quot;>&lt;script>\"", fixed = TRUE)
  expect_match(html, "<figcaption>&lt;b&gt;</figcaption><details><summary>Transcript</summary>a &lt; b<br>&amp;</details>", fixed = TRUE)
  said <- "this sound has no alternative text\n  --> audio, alt\nhint: say what is heard: audio(x, alt = \"A blackbird sings\")"
  expect_error(audio(samples, rate = 8000), said, fixed = TRUE)
  expect_identical(audio(samples, rate = 8000, transcript = "Hello  there")$alt, "Hello there")
  expect_error(audio(samples, rate = 8000, alt = " "), "this has no alternative text", fixed = TRUE)
})

test_that("a file is what its bytes say", {
  file <- file.path(tempdir(), "bell.txt")
  save_as(audio(samples, rate = 8000, alt = "x"), sub("txt$", "wav", file))
  file.rename(sub("txt$", "wav", file), file)
  expect_identical(audio(file, alt = "A bell")$type, "audio/wav")
  expect_error(audio(file), "this sound has no alternative text", fixed = TRUE)
  starts <- list("audio/mpeg" = c(0xFF, 0xFB), "audio/mpeg" = utf8ToInt("ID3"), "audio/ogg" = utf8ToInt("OggS"), "audio/flac" = utf8ToInt("fLaC"))
  for (i in seq_along(starts)) expect_identical(coursewright:::sound_type(c(as.raw(starts[[i]]), raw(20L))), names(starts)[[i]])
  writeLines("this is no sound at all", file)
  expect_error(audio(file), sprintf("\"%s\" is no sound that browsers play\n  --> audio\nhint: make it WAV, MP3, OGG or FLAC", file), fixed = TRUE)
  expect_error(audio(file.path(tempdir(), "belle.txt")), "did you mean \"bell.txt\"?", fixed = TRUE)
})

test_that("a file that stops before its first sample is said", {
  file <- file.path(tempdir(), "cut.mp3")
  whole <- audio(samples, rate = 8000, alt = "x")$data
  kept <- c(1:12, 12L + 1:24) # without the samples
  cut <- list(
    "it has no samples" = whole[1:44], "it has no samples" = whole[kept], "it has no samples" = c(charToRaw("fLaC"), raw(38L)),
    "its first stream is no sound" = c(charToRaw("OggS"), raw(60L), as.raw(0x80), charToRaw("theora")),
    "no frame of MPEG follows its tags" = c(charToRaw("ID3"), as.raw(c(4, 0, 0, 0, 0, 0, 2)), charToRaw("xxHello")))
  for (i in seq_along(cut)) {
    writeBin(cut[[i]], file)
    expect_error(audio(file, alt = "x"), sprintf("\"%s\" cannot be played: %s\n  --> audio\nhint: make it anew", file, names(cut)[[i]]), fixed = TRUE)
  }
  plays <- list(
    c(charToRaw("ID3"), as.raw(c(4, 0, 0, 0, 0, 0, 2)), charToRaw("xx"), raw(9L), as.raw(c(0xFF, 0xFB, 0x90, 0x64)), raw(9L)),
    c(charToRaw("OggS"), raw(24L), as.raw(1L), charToRaw("vorbis"), raw(20L)))
  for (each in plays) {
    writeBin(each, file)
    expect_identical(audio(file, alt = "x")$data, each)
  }
  expect_error(save_as(audio(samples, rate = 8000, alt = "x"), file.path(tempdir(), "none", "a.wav")), "no folder", fixed = TRUE)
})

test_that("what are no samples is said", {
  expect_error(audio(samples), "samples have a rate\n  --> audio, rate\nhint: audio(samples, rate = 44100)", fixed = TRUE)
  expect_error(audio(samples * 3, rate = 8000), "samples are numbers from -1 to 1", fixed = TRUE)
  expect_error(audio(c(0, NA), rate = 8000), "1 of these samples are missing or without end", fixed = TRUE)
  expect_error(audio(matrix(0, 2L, 3L), rate = 8000), "samples have 3 channels", fixed = TRUE)
  expect_error(audio(samples, rate = 10), "no sound has 10 samples a second", fixed = TRUE)
  expect_error(save_as(audio(samples, rate = 8000, alt = "x"), "x.mp3"), "\"x.mp3\" is no name for audio/wav\nhint: let it end in .wav", fixed = TRUE)
})

test_that("what is too large to embed is said with its size", {
  expect_warning(audio(rep(0, 6e6), rate = 44100, alt = "Silence"), "\"Silence\" has 12.0 MB, and a notebook or page", fixed = TRUE)
})

test_that("base64 is right for every length", {
  data <- as.raw(c(0:255, 0:99))
  for (n in 0:12) expect_identical(coursewright:::from_base64(coursewright:::to_base64(data[seq_len(n)])), data[seq_len(n)])
  expect_identical(coursewright:::to_base64(charToRaw("Coursewright!")), "Q291cnNld3JpZ2h0IQ==")
})
