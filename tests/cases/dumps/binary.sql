/*M!999999\- enable the sandbox mode */ 
-- MariaDB dump 10.19  Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)
--
-- Host: 127.0.0.1    Database: shop
-- ------------------------------------------------------
-- Server version	10.11.19-MariaDB-0+deb12u1

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;
/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
/*!40101 SET NAMES binary */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;

--
-- Sequence structure for `numbers`
--

DROP SEQUENCE IF EXISTS `numbers`;
CREATE SEQUENCE `numbers` start with 1 minvalue 1 maxvalue 9223372036854775806 increment by 1 cache 1000 nocycle ENGINE=InnoDB;
DO SETVAL(`numbers`, 1, 0);

--
-- Temporary table structure for view `dear`
--

DROP TABLE IF EXISTS `dear`;
/*!50001 DROP VIEW IF EXISTS `dear`*/;
SET @saved_cs_client     = @@character_set_client;
SET character_set_client = utf8mb4;
/*!50001 CREATE VIEW `dear` AS SELECT
 NULL AS `id`,
 NULL AS `price` */;
SET character_set_client = @saved_cs_client;

--
-- Table structure for table `empty_one`
--

DROP TABLE IF EXISTS `empty_one`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `empty_one` (
  `a` int(11) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `empty_one`
--

LOCK TABLES `empty_one` WRITE;
/*!40000 ALTER TABLE `empty_one` DISABLE KEYS */;
/*!40000 ALTER TABLE `empty_one` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `kinds`
--

DROP TABLE IF EXISTS `kinds`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `kinds` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT COMMENT 'it''s; a "comment", (with) \\ `signs`',
  `tiny` tinyint(1) DEFAULT 1,
  `small` smallint(6) DEFAULT NULL,
  `medium` mediumint(8) unsigned zerofill DEFAULT NULL,
  `big` bigint(20) unsigned DEFAULT NULL,
  `price` decimal(10,2) DEFAULT NULL,
  `wide` decimal(65,30) DEFAULT NULL,
  `f` float DEFAULT NULL,
  `d` double DEFAULT NULL,
  `y` year(4) DEFAULT NULL,
  `day` date DEFAULT '0000-00-00',
  `at` datetime(6) DEFAULT NULL,
  `stamp` timestamp NULL DEFAULT NULL,
  `clock` time(3) DEFAULT NULL,
  `c` char(5) DEFAULT NULL,
  `v` varchar(200) DEFAULT NULL,
  `t` text DEFAULT NULL,
  `e` enum('a','b;','c,(d)') DEFAULT NULL,
  `s` set('x','y') DEFAULT NULL,
  `flag` bit(1) DEFAULT NULL,
  `bits` bit(12) DEFAULT NULL,
  `raw` blob DEFAULT NULL,
  `fixed` binary(4) DEFAULT NULL,
  `j` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`j`)),
  `u` uuid DEFAULT NULL,
  `point` point DEFAULT NULL,
  `twice` int(11) GENERATED ALWAYS AS (`small` * 2) VIRTUAL,
  `thrice` int(11) GENERATED ALWAYS AS (`small` * 3) STORED,
  PRIMARY KEY (`id`),
  UNIQUE KEY `two` (`small`,`medium`),
  KEY `v` (`v`(10)),
  CONSTRAINT `positive` CHECK (`price` >= 0)
) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci COMMENT='kinds; of ''values''';
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `kinds`
--

LOCK TABLES `kinds` WRITE;
/*!40000 ALTER TABLE `kinds` DISABLE KEYS */;
INSERT INTO `kinds` VALUES
(1,1,-32768,00000005,18446744073709551615,12345678.90,1.500000000000000000000000000000,10000000000,0,2024,'2024-02-29','2024-02-29 12:34:56.789012','2024-02-29 12:00:00','23:59:59.500','abc','it\'s \"quoted\" \\ back','line\nline\r\n	tab','b;','x,y','','\nª','\0\'\\\n\r\Z\"ÿ','ab\0\0','{\"a\": [1, \"two\", null]}','123e4567-e89b-12d3-a456-426655440000','\0\0\0\0\0\0\0\0\0\0\0\0\0ð?\0\0\0\0\0\0\0@',-65536,-98304),
(2,NULL,1,NULL,0,0.00,-1.500000000000000000000000000000,0.1,1e300,0000,'0000-00-00','0000-00-00 00:00:00.000000','0000-00-00 00:00:00','00:00:00.000','','NULL',');\nINSERT INTO `kinds` VALUES (','c,(d)','','\0','\0\0','','x\0\0\0',NULL,NULL,NULL,2,3),
(3,-128,2,16777215,1,99.99,NULL,-1.17549e-38,3.14,1901,'2024-00-00','1000-01-01 00:00:00.000000','2038-01-19 03:14:07','12:00:00.000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,4,6),
(4,0,3,00000001,2,0.01,0.000000000000000000000000000000,3.4e38,2.2250738585072014e-308,2155,NULL,NULL,NULL,NULL,'ðŸ˜€Ã©','ðŸ˜€ Ã¼nÃ¯code ä½ å¥½','a\\\\\'b\\','a','x','','\0','\\\'\0','\0\0\0\0','{}',NULL,NULL,6,9);
/*!40000 ALTER TABLE `kinds` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `latin`
--

DROP TABLE IF EXISTS `latin`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `latin` (
  `name` varchar(20) DEFAULT NULL,
  `odd ``col` text DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `latin`
--

LOCK TABLES `latin` WRITE;
/*!40000 ALTER TABLE `latin` DISABLE KEYS */;
INSERT INTO `latin` VALUES
('Räikkönen €','x'),
('Pérez','(1,2),(3,4);');
/*!40000 ALTER TABLE `latin` ENABLE KEYS */;
UNLOCK TABLES;
/*!50003 SET @saved_cs_client      = @@character_set_client */ ;
/*!50003 SET @saved_cs_results     = @@character_set_results */ ;
/*!50003 SET @saved_col_connection = @@collation_connection */ ;
/*!50003 SET character_set_client  = utf8mb4 */ ;
/*!50003 SET character_set_results = utf8mb4 */ ;
/*!50003 SET collation_connection  = utf8mb4_general_ci */ ;
/*!50003 SET @saved_sql_mode       = @@sql_mode */ ;
/*!50003 SET sql_mode              = '' */ ;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`tester`@`127.0.0.1`*/ /*!50003 TRIGGER watch BEFORE INSERT ON latin FOR EACH ROW BEGIN SET NEW.name = CONCAT(NEW.name, ';'';"'); IF NEW.name = '' THEN SET NEW.name = NULL; END IF; END 
*/;;
DELIMITER ;
/*!50003 SET sql_mode              = @saved_sql_mode */ ;
/*!50003 SET character_set_client  = @saved_cs_client */ ;
/*!50003 SET character_set_results = @saved_cs_results */ ;
/*!50003 SET collation_connection  = @saved_col_connection */ ;

--
-- Table structure for table `lengths`
--

DROP TABLE IF EXISTS `lengths`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `lengths` (
  `id` int(11) DEFAULT NULL,
  `took` time DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `lengths`
--

LOCK TABLES `lengths` WRITE;
/*!40000 ALTER TABLE `lengths` DISABLE KEYS */;
INSERT INTO `lengths` VALUES
(1,'838:59:59'),
(2,'-01:00:00'),
(3,'00:01:26');
/*!40000 ALTER TABLE `lengths` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Final view structure for view `dear`
--

/*!50001 DROP VIEW IF EXISTS `dear`*/;
/*!50001 SET @saved_cs_client          = @@character_set_client */;
/*!50001 SET @saved_cs_results         = @@character_set_results */;
/*!50001 SET @saved_col_connection     = @@collation_connection */;
/*!50001 SET character_set_client      = utf8mb4 */;
/*!50001 SET character_set_results     = utf8mb4 */;
/*!50001 SET collation_connection      = utf8mb4_general_ci */;
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=`tester`@`127.0.0.1` SQL SECURITY DEFINER */
/*!50001 VIEW `dear` AS select `kinds`.`id` AS `id`,`kinds`.`price` AS `price` from `kinds` where `kinds`.`price` > 10 */;
/*!50001 SET character_set_client      = @saved_cs_client */;
/*!50001 SET character_set_results     = @saved_cs_results */;
/*!50001 SET collation_connection      = @saved_col_connection */;
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;
/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;
/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

-- Dump completed on 2026-11-23  9:09:01
