-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
--
-- Host: localhost    Database: museum
-- ------------------------------------------------------
-- Server version	8.0.36

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!50503 SET NAMES utf8mb4 */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5';

--
-- Current Database: `museum`
--

CREATE DATABASE /*!32312 IF NOT EXISTS*/ `museum` /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci */ /*!80016 DEFAULT ENCRYPTION='N' */;

USE `museum`;

DROP TABLE IF EXISTS `works`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `works` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `title` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci NOT NULL DEFAULT (_utf8mb4'as, (yet) untitled'),
  `year` year DEFAULT NULL COMMENT 'when; "finished" */ not begun',
  `facts` json DEFAULT NULL,
  `picture` longblob,
  `secret` tinyint(1) NOT NULL DEFAULT '0' /*!80023 INVISIBLE */,
  `century` int GENERATED ALWAYS AS (ceiling((`year` / 100))) VIRTUAL,
  PRIMARY KEY (`id`),
  FULLTEXT KEY `title` (`title`) /*!50100 WITH PARSER `ngram` */
) ENGINE=InnoDB AUTO_INCREMENT=4 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci
/*!50100 PARTITION BY HASH (`id`)
PARTITIONS 2 */;
/*!40101 SET character_set_client = @saved_cs_client */;

LOCK TABLES `works` WRITE;
/*!40000 ALTER TABLE `works` DISABLE KEYS */;
INSERT INTO `works` (`id`, `title`, `year`, `facts`, `picture`, `secret`) VALUES (1,'Nu descendant un escalier n° 2',1912,'{\"size\": [147, 89.2], \"note\": \"it\'s (2), not 1\"}',_binary '\0\\\'PNG\r\n\Z,_binary \'',0),(2,'_binary \'no\'',NULL,NULL,NULL,1);
INSERT INTO `works` (`id`, `title`, `year`, `facts`, `picture`, `secret`) VALUES (3,'',2000,'[]',_binary '',0);
/*!40000 ALTER TABLE `works` ENABLE KEYS */;
UNLOCK TABLES;
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

-- Dump completed on 2024-03-01 12:00:00
