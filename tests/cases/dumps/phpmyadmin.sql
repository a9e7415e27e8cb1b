-- phpMyAdmin SQL Dump
-- version 5.2.1
-- https://www.phpmyadmin.net/

SET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";
START TRANSACTION;
SET time_zone = "+00:00";

/*!40101 SET NAMES utf8mb4 */;

CREATE TABLE `plants` (
  `id` int(11) NOT NULL,
  `name` varchar(20) DEFAULT NULL,
  `flowers` bit(3) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO `plants` (`id`, `name`, `flowers`) VALUES
(1, 'rose; dog', b'101'),
(2, 'lady''s mantle', NULL);

ALTER TABLE `plants`
  ADD PRIMARY KEY (`id`);

DELIMITER $$
CREATE DEFINER=`root`@`localhost` FUNCTION `answer` () RETURNS INT NO SQL BEGIN
  -- it's only a comment; with a $ sign
  RETURN 42; # and another's
END$$

DELIMITER ;
COMMIT;
